import fc from 'fast-check';

import { blobEvents, openBlob, parseEvent } from '../../nodes/actions/event/blobEvents';
import type { AuditEvent, ContentBlob } from '../../nodes/feed/types';
import { DEFAULT_LIMITS } from '../../nodes/transport/body';
import type { FeedClient } from '../../nodes/transport/client';

const BLOB = { contentType: 'Audit.General', contentId: 'one', createdMs: 0, contentCreated: '' } as ContentBlob;

/** A client whose downloads arrive in chunks of the given size and break off, one after the other, where told. */
function breakingClient(body: Buffer, breaks: number[], chunkBytes: number) {
	let downloads = 0;
	async function* stream() {
		const end = breaks[downloads++] ?? body.length;
		for (let from = 0; from < end; from += chunkBytes) yield body.subarray(from, Math.min(end, from + chunkBytes));
		if (end < body.length) throw new Error('aborted');
	}
	const client: Pick<FeedClient, 'blobStream'> = {
		blobStream: async (_, read) =>
			await read({
				headers: {},
				body: Object.assign(stream(), { destroy: () => undefined }),
				limits: DEFAULT_LIMITS,
			}),
	};
	return client as FeedClient;
}

async function collect(
	body: Buffer,
	{ breaks = [] as number[], chunkBytes = 64, isWanted = (_: AuditEvent): boolean => true } = {},
) {
	const client = breakingClient(body, breaks, chunkBytes);
	const texts: string[] = [];
	const missing: string[] = [];
	const sizes: number[] = [];
	const consumed: number[] = [];
	const runtime = { now: () => 0, sleep: async () => undefined, random: () => 0.5 };
	const asked: unknown[] = [];
	const source = {
		client,
		runtime,
		isWanted: (bytes: Uint8Array) => {
			const event = parseEvent(bytes);
			if (!event) return undefined;
			asked.push(event);
			return isWanted(event);
		},
		consumed: (bytes: number) => consumed.push(bytes),
		received: (bytes: number) => sizes.push(bytes),
	};
	const first = await openBlob(client, BLOB);
	for await (const events of blobEvents(source, BLOB, first, ({ message }) => missing.push(message))) {
		for (const bytes of events) texts.push(Buffer.from(bytes).toString());
	}
	return { texts, missing, sizes, consumed, asked };
}

describe('the events of a blob that arrives', () => {
	it('are told as bytes while they are read, those of a download that broke off as well', async () => {
		const body = Buffer.from(JSON.stringify([{ Id: 'a', text: 'x'.repeat(200_000) }]));
		const half = 150_000;
		const { consumed, sizes } = await collect(body, { breaks: [half], chunkBytes: 10_000 });
		expect(consumed.every((bytes) => bytes <= 10_000)).toBe(true);
		expect(consumed.reduce((sum, bytes) => sum + bytes, 0)).toBe(half + body.length);
		expect(sizes).toEqual([body.length]);
	});

	it('come once each and in order, wherever the body breaks off and is fetched again', async () => {
		const events = Array.from({ length: 60 }, (_, n) => JSON.stringify({ Id: String(n), text: 'x'.repeat(7 * n) }));
		// More than is read before the download counts as begun, so that it breaks in the middle.
		const body = Buffer.from(`[${events.join(',')},{"Id":"last","text":"${'y'.repeat(150_000)}"},{"Id":"z"}]`);
		const at = fc.integer({ min: 128 * 1024 + 4_096, max: body.length - 1 });
		await fc.assert(
			fc.asyncProperty(
				fc.array(at, { maxLength: 3 }),
				fc.constantFrom(1_000, 4_096),
				async (breaks, chunkBytes) => {
					const { texts, missing, sizes, asked } = await collect(body, { breaks, chunkBytes });
					expect(asked).toEqual(texts.map((text): unknown => JSON.parse(text)));
					expect(texts.map((text) => (JSON.parse(text) as { Id: string }).Id)).toEqual([
						...events.map((_, n) => String(n)),
						'last',
						'z',
					]);
					expect([missing, sizes]).toEqual([[], [body.length]]);
				},
			),
			{ seed: 5, numRuns: 30 },
		);
	});

	it('are those that are wanted, and each is asked about once, though the body breaks off', async () => {
		const events = Array.from({ length: 40 }, (_, n) => JSON.stringify({ Id: n, text: 'x'.repeat(8_000) }));
		const body = Buffer.from(`[${events.join(',')}]`);
		const isWanted = ({ Id }: AuditEvent) => (Id as number) % 2 === 0;
		const { texts, asked } = await collect(body, { breaks: [200_000, 250_000], chunkBytes: 4_096, isWanted });
		expect(texts).toEqual(events.filter((_, n) => n % 2 === 0));
		expect(asked).toHaveLength(40);
	});

	it('come up to what is damaged, and that is told once it stays so', async () => {
		const { texts, missing } = await collect(Buffer.from('[{"Id":"a"},{"Id":nonsense},{"Id":"b"}]'));
		expect(texts).toEqual(['{"Id":"a"}']);
		expect(missing).toEqual([expect.stringContaining('damaged')]);
	});

	it('are none if the body is an error object', async () => {
		const { texts, missing } = await collect(Buffer.from('{"error":{"code":"AF20051","message":"expired"}}'));
		expect(texts).toEqual([]);
		expect(missing).toEqual([expect.stringContaining('AF20051')]);
	});

	it('may be one alone', async () => {
		const { texts, missing } = await collect(Buffer.from('\uFEFF{"Id":"a"}'));
		expect([texts, missing]).toEqual([['{"Id":"a"}'], []]);
	});

	it('are not those of a body whose line breaks damage it', async () => {
		const { texts, missing } = await collect(Buffer.from('[{"Id":"a"},{"Id":"b\nc"}]'));
		expect([texts, missing]).toEqual([['{"Id":"a"}'], [expect.stringContaining('damaged')]]);
	});
});
