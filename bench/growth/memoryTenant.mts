import { contentIdFor } from '../../simulator/contentId.mts';
import { createBodies } from '../load/blobBody.mts';
import type { Load } from '../load/types.mts';

/** What n8n's request helper answers, with `returnFullResponse` and `encoding: 'stream'`. */
interface HelperAnswer {
	statusCode: number;
	headers: Record<string, string>;
	body: AsyncIterable<Uint8Array> & { destroy(): void };
}

type RequestHelper = (credentialType: string, options: { url: string }) => Promise<HelperAnswer>;

export interface MemoryTenant {
	/** Stands in for `httpRequestWithAuthentication`. */
	request: RequestHelper;
	/** Events served, by index of the blob. */
	servedPerBlob: number[];
}

interface Entry {
	contentUri: string;
	contentId: string;
	contentType: string;
	contentCreated: string;
	contentExpiration: string;
	createdMs: number;
	blob: number;
}

const DAY_MS = 24 * 3_600_000;
const MARGIN_MS = 10 * 60_000;
const PAGE_SIZE = 200;

/**
 * A tenant without a network: its answers come from memory, inside the process of the node. A request then costs next to
 * nothing, so that 100,000 blobs do not take minutes and what the node itself spends on each blob is not lost in it.
 */
export function createMemoryTenant(load: Load, templates: readonly string[]): MemoryTenant {
	const body = createBodies(templates);
	const entries = entriesOf(load, Date.now());
	const byId = new Map(entries.map(({ contentId, blob }) => [contentId, blob]));
	const servedPerBlob = new Array<number>(load.blobs).fill(0);

	const windows = new Map<string, Entry[]>();

	/** Looked for once, not for each page: the tenant's own time counts, and must not grow faster than the number of blobs. */
	function windowOf(query: URLSearchParams): Entry[] {
		const [type, start, end] = ['contentType', 'startTime', 'endTime'].map((name) => query.get(name));
		const key = `${type} ${start} ${end}`;
		const known = windows.get(key);
		if (known) return known;
		const [startMs, endMs] = [Date.parse(`${start}Z`), Date.parse(`${end}Z`)];
		const found = entries.filter(
			({ contentType, createdMs }) => contentType === type && createdMs >= startMs && createdMs < endMs,
		);
		windows.set(key, found);
		return found;
	}

	function listing(url: URL): HelperAnswer {
		const offset = Number(url.searchParams.get('nextPage') ?? 0);
		const inWindow = windowOf(url.searchParams);
		const next = new URL(url);
		next.searchParams.set('nextPage', String(offset + PAGE_SIZE));
		const more = offset + PAGE_SIZE < inWindow.length;
		const page = inWindow.slice(offset, offset + PAGE_SIZE);
		return answer([Buffer.from(JSON.stringify(page))], more ? { nextpageuri: next.href } : {});
	}

	function content(contentId: string): HelperAnswer {
		const blob = byId.get(contentId);
		if (blob === undefined) throw new Error(`The tenant has no content ${contentId}`);
		servedPerBlob[blob] = load.eventsPerBlob;
		return answer(body(blob, load.eventsPerBlob).chunks());
	}

	const subscriptions = load.contentTypes.map((contentType) => ({
		contentType,
		status: 'enabled',
		webhook: null,
	}));

	return {
		servedPerBlob,
		async request(_credentialType, { url }) {
			const parsed = new URL(url);
			if (parsed.pathname.endsWith('/subscriptions/content')) return listing(parsed);
			if (parsed.pathname.endsWith('/subscriptions/list')) {
				return answer([Buffer.from(JSON.stringify(subscriptions))]);
			}
			return content(parsed.pathname.slice(parsed.pathname.lastIndexOf('/') + 1));
		},
	};
}

function entriesOf({ blobs, days, contentTypes }: Load, nowMs: number): Entry[] {
	const spanMs = days * DAY_MS - 2 * MARGIN_MS;
	return Array.from({ length: blobs }, (_, blob): Entry => {
		const contentType = contentTypes[blob % contentTypes.length] ?? 'Audit.General';
		const createdMs = Math.round(nowMs - MARGIN_MS - spanMs * (1 - (blob + 0.5) / blobs));
		const contentId = contentIdFor(contentType, createdMs, blob);
		return {
			contentUri: `https://tenant.invalid/audit/${contentId}`,
			contentId,
			contentType,
			contentCreated: new Date(createdMs).toISOString(),
			contentExpiration: new Date(createdMs + 7 * DAY_MS).toISOString(),
			createdMs,
			blob,
		};
	});
}

function answer(chunks: Iterable<Uint8Array>, headers: Record<string, string> = {}): HelperAnswer {
	return {
		statusCode: 200,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: {
			async *[Symbol.asyncIterator]() {
				yield* chunks;
			},
			destroy() {},
		},
	};
}
