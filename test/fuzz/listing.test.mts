import fc from 'fast-check';

import { compareBlobs, isContentId, parseContentEntry } from '../../nodes/feed/contentEntry';
import { FeedFailure } from '../../nodes/feed/failure';
import { listContent, type Page } from '../../nodes/feed/listing';
import { isRecord, parseJson } from '../../nodes/feed/parseBlob';
import { readSubscriptions, startMissing } from '../../nodes/feed/subscriptions';
import { parseUtc } from '../../nodes/feed/time';
import { CONTENT_TYPES } from '../../nodes/feed/types';
import { originOf } from '../../nodes/feed/origin';
import { createClient } from '../../nodes/transport/client';
import { createFakeContext, ENDPOINTS, NOW, refused, type Step } from '../transport/fakes.mts';
import { fuzz } from './support/campaign.mts';
import { clearly, expectClearFailure } from './support/clear.mts';
import { headerValue, json, status, text } from './support/hostile.mts';
import { mutatedBody, mutatedJson } from './support/mutate.mts';
import { fetchRealAnswers, type RealAnswers } from './support/realAnswers.mts';

let real: RealAnswers;
beforeAll(async () => void (real = await fetchRealAnswers()));

const HOUR = 3_600_000;
const window = { startMs: NOW - 24 * HOUR, endMs: NOW };
const parse = (body: string) => JSON.parse(body) as unknown[];
const entries = () => fc.constantFrom(...real.listing.flatMap(parse)).chain((entry) => mutatedJson(entry, 2));

/** An answer to any request: good or refused, with any header. */
const answers = (samples: () => string[]) => (): fc.Arbitrary<Step> =>
	fc
		.tuple(
			fc.oneof({ weight: 3, arbitrary: fc.constant(200) }, { weight: 1, arbitrary: status }),
			fc.oneof(mutatedBody(samples()), mutatedBody([...samples(), ...real.errors])),
			fc.oneof(fc.constant(''), fc.constant(real.nextPageUri), headerValue),
			fc.option(headerValue, { nil: undefined }),
		)
		.map(([code, body, next, retryAfter]) => {
			const headers = { nextpageuri: next, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) };
			return code < 300 ? { body, headers } : refused(code, body.toString('utf8'), headers);
		});

/** Enough for every retry of a few requests; what is asked beyond is a plain end. */
const script = (samples: () => string[]) => () => fc.array(answers(samples)(), { minLength: 1, maxLength: 6 });

function clientOf(steps: Step[], otherwise: Step) {
	// A helper that has nothing more to say repeats itself; more requests than this are a hang.
	const all = [...steps, ...Array.from({ length: 400 }, () => otherwise)];
	const fake = createFakeContext(all);
	return { ...fake, client: createClient(fake.context, ENDPOINTS) };
}

describe('an entry of a listing', () => {
	fuzz('is a blob that can be asked for, or is left out', 3_000, entries, (entry) => {
		const blob = parseContentEntry(entry, 'Audit.Exchange', NOW);
		if (!blob) return;
		expect(isContentId(blob.contentId)).toBe(true);
		expect(parseUtc(blob.contentCreated)).toBe(blob.createdMs);
		if (blob.contentExpiration !== undefined) expect(parseUtc(blob.contentExpiration)).toBe(blob.expiresMs);
		// What was put out is read back as the same, with the time that it was given if it had none that can be read.
		expect(parseContentEntry(originOf(blob), 'Audit.Exchange', NOW)).toEqual({ ...blob, undated: undefined });
	});

	fuzz('has its place among others', 500, () => fc.array(entries(), { maxLength: 8 }), (list) => {
		const blobs = list.flatMap((entry) => parseContentEntry(entry, 'Audit.Exchange', NOW) ?? []);
		const sorted = [...blobs].sort(compareBlobs);
		expect([...blobs].reverse().sort(compareBlobs).map(({ contentId }) => contentId)).toEqual(sorted.map(({ contentId }) => contentId));
	});

	fuzz('has times that are times', 2_000, () => fc.oneof(text, json, fc.string({ unit: fc.constantFrom(...'0123456789-:.TZ+ ') })), (value) => {
		const ms = parseUtc(value);
		if (ms !== undefined) expect(parseUtc(new Date(ms).toISOString())).toBe(ms);
	});
});

describe('a listing over many pages', () => {
	const page = (): fc.Arbitrary<Page> =>
		fc.record({ entries: fc.array(entries(), { maxLength: 4 }), nextPageUri: fc.oneof(fc.constantFrom('a', 'b', 'c'), text) });

	fuzz('ends, and gives each contentId once', 500, () => fc.array(page(), { minLength: 1, maxLength: 12 }), async (pages) => {
		let calls = 0;
		const next = async () => {
			if (calls > 60) throw new Error('It does not end');
			return await Promise.resolve(pages[calls++ % pages.length]!);
		};
		const listed = await clearly(async () => await listContent({ firstPage: next, nextPage: next }, 'Audit.General', window, { now: () => NOW }));
		if (!listed) return;
		const ids = listed.blobs.map(({ contentId }) => contentId);
		expect(new Set(ids).size).toBe(ids.length);
	});
});

describe('the client of the API, whatever it is answered,', () => {
	const isOurs = (url: unknown) => new URL(String(url)).origin === ENDPOINTS.apiUrl;

	fuzz('lists content that the answers hold, or fails clearly, and asks our host only', 600, script(() => real.listing), async (steps) => {
		const { client, sent } = clientOf(steps, { body: '[]' });
		const listed = await clearly(async () => await listContent(client.content('Audit.Exchange'), 'Audit.Exchange', window, { now: () => NOW }));
		expect(sent.every(({ url }) => isOurs(url))).toBe(true);
		expect(sent.length).toBeLessThan(100);
		const told = steps.map((step) => ('body' in step ? step.body : '')).map(String).join('\n');
		for (const { contentId } of listed?.blobs ?? []) {
			// The escapes of JSON apart.
			if (!/["\\/]/.test(contentId) && !told.includes('\\u')) expect(told).toContain(contentId);
		}
	});

	fuzz('reads a blob, or fails clearly', 600, script(() => real.blobs), async (steps) => {
		const { client, sent } = clientOf(steps, { body: '[]' });
		const blob = await clearly(async () => await client.blob('id$1', 'Audit.Exchange'));
		expect(sent.length).toBeLessThanOrEqual(8);
		if (!blob) return;
		const bodies = [...steps, { body: '[]' }].flatMap((step) => ('body' in step ? [parseJson(String(step.body))] : []));
		const held = new Set(bodies.flatMap((body) => (Array.isArray(body) ? body : [body])).filter(isRecord).map(safeText));
		for (const event of blob.events) expect(held).toContain(safeText(event));
	});

	function safeText(value: unknown): string {
		try {
			return JSON.stringify(value);
		} catch {
			return 'too deep';
		}
	}

	fuzz('reads lists, starts and stops, or fails clearly', 600, script(() => [...real.subscriptions, ...real.sensitiveTypes]), async (steps) => {
		for (const call of ['listSubscriptions', 'sensitiveTypes', 'startSubscription', 'stopSubscription'] as const) {
			const { client, sent } = clientOf([...steps], { body: '[]' });
			await clearly(async () => await client[call]('Audit.Exchange'));
			expect(sent.length).toBeLessThanOrEqual(8);
		}
	});
});

describe('the list of subscriptions', () => {
	const lists = () => fc.constantFrom(...real.subscriptions.map(parse)).chain((list) => mutatedJson(list));

	fuzz('tells what is enabled, and starts the rest once each', 1_000, () => fc.tuple(lists(), fc.boolean()), async ([list, fails]) => {
		const listed = Array.isArray(list) ? list : [list];
		for (const { enabled, entry, webhook } of readSubscriptions(listed).values()) {
			expect([typeof enabled, isRecord(entry)]).toEqual(['boolean', true]);
			if (webhook) expect(webhook.address).not.toBe('');
		}
		const started: string[] = [];
		const source = {
			listSubscriptions: async () => await Promise.resolve(listed),
			startSubscription: async (contentType: string) => {
				started.push(contentType);
				if (fails) throw new FeedFailure({ kind: 'throttled', message: 'Later' });
				return await Promise.resolve(listed[0]);
			},
		};
		const results = await startMissing(source, CONTENT_TYPES, NOW);
		expect(results.map(({ contentType }) => contentType)).toEqual([...CONTENT_TYPES]);
		expect(new Set(started).size).toBe(started.length);
		for (const { entry, failure } of results) {
			expect(isRecord(entry)).toBe(true);
			if (failure) expectClearFailure(failure);
		}
	});
});
