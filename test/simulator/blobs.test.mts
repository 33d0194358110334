import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { AddBlob } from '../../simulator/index.mts';
import { failureOf, startTenant } from './support.mts';

const EVENTS = [
	{ Id: 'a', Operation: 'FileAccessed' },
	{ Id: 'b', Operation: 'FileDeleted' },
];

async function withBlob(blob: AddBlob = {}) {
	const tenant = await startTenant();
	const added = tenant.sim.feed.addBlob({ events: EVENTS, ...blob });
	const text = async (timeout = 20_000) => {
		const answer = await tenant.blob(added.contentId, { responseType: 'arraybuffer', timeout });
		return { ...answer, bytes: answer.data as Buffer, text: (answer.data as Buffer).toString() };
	};
	const count = () => {
		const { fetched = 0, failed = 0 } = tenant.sim.ledger.blobs.get(added.contentId) ?? {};
		return { fetched, failed };
	};
	return { ...tenant, added, text, count };
}

describe('content blobs', () => {
	test('a JSON array of events', async () => {
		const { blob, added, count } = await withBlob();
		const { status, headers, data } = await blob(added.contentId);
		expect(status).toBe(200);
		expect(headers['content-type']).toBe('application/json; charset=utf-8');
		expect(data).toEqual(EVENTS);
		expect(count()).toEqual({ fetched: 1, failed: 0 });
	});

	test('a body that is made while it is sent; the ledger counts its events', async () => {
		const pieces = ['[', '{"Id":"a"},', '{"Id":"b"}', ']'].map((piece) => Buffer.from(piece));
		const stream = { events: 2, bytes: Buffer.concat(pieces).length, chunks: () => pieces };
		const { text, count, sim, added } = await withBlob({ stream });
		const answer = await text();
		expect(answer.headers['content-length']).toBe(String(stream.bytes));
		expect(JSON.parse(answer.text)).toEqual([{ Id: 'a' }, { Id: 'b' }]);
		expect(count()).toEqual({ fetched: 1, failed: 0 });
		expect(sim.ledger.blobs.get(added.contentId)?.events).toBe(2);
	});

	test('events given as text are served byte for byte', async () => {
		const events = ['{"Id":"x", "N":9007199254740993,"__proto__":{"a":1.0}}', '{ "Id" : "y" }'];
		const { text } = await withBlob({ events });
		expect((await text()).text).toBe(`[${events.join(',')}]`);
	});

	test('an exact body, whatever it holds', async () => {
		const { text, count } = await withBlob({
			body: Buffer.from([0x5b, 0xff, 0x00]),
			headers: { 'Content-Type': 'text/odd' },
		});
		const { bytes, headers } = await text();
		expect([...bytes]).toEqual([0x5b, 0xff, 0x00]);
		expect(headers['content-type']).toBe('text/odd');
		expect(count()).toEqual({ fetched: 0, failed: 1 });
	});

	test('AF20052 when the $ is encoded, which the ledger notes', async () => {
		const { sim, blob, added } = await withBlob();
		const encoded = added.contentId.replaceAll('$', '%24');
		expect(await blob(encoded)).toMatchObject({
			status: 400,
			data: { error: { code: 'AF20052', message: `Content ID ${encoded} in the URL is invalid.` } },
		});
		expect(sim.ledger.violations.map(({ rule }) => rule)).toEqual(['contentIdEncoded']);
	});

	test('AF20050 for content that does not exist or is not listed yet', async () => {
		const { blob, added } = await withBlob({ listedAfterMs: 1000 });
		expect((await blob(added.contentId)).data.error).toEqual({
			code: 'AF20050',
			message: `The specified content (${added.contentId}) does not exist.`,
		});
		expect((await blob('1$2$audit_general$Audit_General$emea0036')).data.error.code).toBe(
			'AF20050',
		);
	});

	test('a contentId can be 10 KB long or hold what only travels encoded', async () => {
		const { sim, blob } = await startTenant();
		for (const contentId of [
			'x'.repeat(10_000),
			'../../etc/passwd',
			'a?b#c',
			'line\r\nbreak',
			'a%2fb',
		]) {
			sim.feed.addBlob({ contentId, events: EVENTS });
			expect((await blob(encodeURIComponent(contentId))).data).toEqual(EVENTS);
		}
	});

	test('contentIds that mean harm, by the fault of that name', async () => {
		const faults = { hostileContentIds: 1 };
		const { sim, blob } = await startTenant({ blobs: 35, faults });
		const ids = sim.feed.blobs.map(({ contentId }) => contentId);
		for (const trick of ['..', '?', '#', '%2f', '\r\n', '\u0000', 'x'.repeat(9_000)]) {
			expect(ids.filter((id) => id.includes(trick)).length).toBeGreaterThan(0);
		}
		expect(new Set(ids).size).toBe(35);
		for (const id of ids) {
			const raw = encodeURIComponent(id).replaceAll('%24', '$');
			expect((await blob(raw)).status).toBe(200);
		}
		expect(sim.ledger.violations).toEqual([]);
	});

	test('blobs with the contentId of another, by the fault of that name', async () => {
		const { sim } = await startTenant({
			blobs: 30,
			contentTypes: ['Audit.General'],
			faults: { sharedContentIds: 0.5 },
		});
		const ids = new Set(sim.feed.blobs.map(({ contentId }) => contentId));
		expect(ids.size).toBeGreaterThan(5);
		expect(ids.size).toBeLessThan(25);
	});

	test('two blobs with one contentId and different content are served in turn', async () => {
		const { sim, blob } = await startTenant();
		for (const Id of ['first', 'second']) sim.feed.addBlob({ contentId: 'same', events: [{ Id }] });
		expect((await blob('same')).data).toEqual([{ Id: 'first' }]);
		expect((await blob('same')).data).toEqual([{ Id: 'second' }]);
	});

	describe('odd, but readable', () => {
		test('one object instead of an array', async () => {
			const { text, count } = await withBlob({ fault: 'SingleObject' });
			expect(JSON.parse((await text()).text)).toEqual(EVENTS[0]);
			expect(count()).toEqual({ fetched: 1, failed: 0 });
		});

		test('a byte order mark', async () => {
			const { text } = await withBlob({ fault: 'ByteOrderMark' });
			expect([...(await text()).bytes.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x5b]);
		});

		test('gzip', async () => {
			const { sim, added, token } = await withBlob({ fault: 'Gzip' });
			const { default: axios } = await import('axios');
			const { data, headers } = await axios.get(
				`${sim.url}/api/v1.0/${sim.tenant.tenantId}/activity/feed/audit/${added.contentId}?PublisherIdentifier=${sim.tenant.tenantId}`,
				{
					headers: { Authorization: `Bearer ${await token()}` },
					decompress: false,
					responseType: 'arraybuffer',
				},
			);
			expect(headers['content-encoding']).toBe('gzip');
			expect(JSON.parse(gunzipSync(data).toString())).toEqual(EVENTS);
		});

		test('bytes that are no UTF-8', async () => {
			const { text } = await withBlob({ fault: 'InvalidUtf8' });
			const { bytes, text: decoded } = await text();
			expect(bytes.includes(0xff)).toBe(true);
			expect(JSON.parse(decoded)).toMatchObject(EVENTS);
		});

		test('a string of 50 MB', async () => {
			const { text, count } = await withBlob({ fault: 'HugeString' });
			const events = JSON.parse((await text()).text) as Array<{ Id: string; Huge?: string }>;
			expect(events.map(({ Id }) => Id)).toEqual(['a', 'b']);
			expect(events[0]?.Huge).toHaveLength(50 * 1024 * 1024);
			expect(count()).toEqual({ fetched: 1, failed: 0 });
		});

		test('a few bytes at a time', async () => {
			const { text, count } = await withBlob({ fault: 'SlowDrip' });
			const { text: body } = await text();
			expect(JSON.parse(body)).toEqual(EVENTS);
			expect(count()).toEqual({ fetched: 1, failed: 0 });
		});
	});

	describe('fails, and is served at the next attempt', () => {
		test.each([
			['EmptyBody', 200, /^$/],
			['ErrorObject', 200, /^\{"error":\{"code":"AF50000"/],
			['Html', 504, /^<html>/],
			['TruncatedJson', 200, /^\[\{"Id":"a"[^\]]*$/],
			['InternalError', 500, /"AF5000[056]"/],
			['Unavailable', 503, /Service Unavailable/],
			['Timeout', 408, /^$/],
			['DeepJson', 200, /^\[{10000}\]{10000}$/],
		] as const)('%s', async (fault, status, body) => {
			const { text, count } = await withBlob({ fault });
			const bad = await text();
			expect(bad.status).toBe(status);
			expect(bad.text).toMatch(body);
			expect(count()).toEqual({ fetched: 0, failed: 1 });
			expect(JSON.parse((await text()).text)).toEqual(EVENTS);
			expect(count()).toEqual({ fetched: 1, failed: 1 });
		});

		test.each(['TruncatedBody', 'Reset', 'Stall'] as const)(
			'%s breaks the connection',
			async (fault) => {
				const { text, count } = await withBlob({ fault });
				expect(await failureOf(text(300))).toMatch(
					/ECONNRESET|ERR_BAD_RESPONSE|ECONNABORTED|aborted/,
				);
				expect(count()).toEqual({ fetched: 0, failed: 1 });
				expect(JSON.parse((await text()).text)).toEqual(EVENTS);
			},
		);

		test('WrongContentLength announces half of what it sends', async () => {
			const { text, count } = await withBlob({ fault: 'WrongContentLength' });
			// Whether axios notices the bytes after the end depends on when they arrive.
			const body = await text().then(
				(answer) => answer.text,
				() => '',
			);
			expect(body.length).toBeLessThan(JSON.stringify(EVENTS).length);
			expect(() => JSON.parse(body)).toThrow();
			expect(count()).toEqual({ fetched: 0, failed: 1 });
		});

		test('BrokenGzip says that it is compressed, and is not', async () => {
			const { text, count } = await withBlob({ fault: 'BrokenGzip' });
			expect(await failureOf(text())).toMatch(/Z_DATA_ERROR|incorrect header/);
			expect(count()).toEqual({ fetched: 0, failed: 1 });
			expect(JSON.parse((await text()).text)).toEqual(EVENTS);
		});

		test('GzipBomb unpacks to 64 MB of nothing', async () => {
			const { text } = await withBlob({ fault: 'GzipBomb' });
			expect((await text()).bytes).toHaveLength(64 * 1024 * 1024);
		});
	});

	test('fails as often as said, or for ever', async () => {
		const twice = await withBlob({ fault: 'InternalError', failures: 2 });
		expect([
			(await twice.text()).status,
			(await twice.text()).status,
			(await twice.text()).status,
		]).toEqual([500, 500, 200]);
		const ever = await withBlob({ fault: 'Unavailable', failures: Infinity });
		for (let i = 0; i < 5; i++) expect((await ever.text()).status).toBe(503);
		expect(ever.count()).toEqual({ fetched: 0, failed: 5 });
	});

	test.each([
		['NotFound', 'AF20050'],
		['Expired', 'AF20051'],
		['NotFoundPlain', undefined],
	] as const)('%s never recovers', async (fault, code) => {
		const { blob, added } = await withBlob({ fault });
		for (let i = 0; i < 3; i++) {
			const { status, data } = await blob(added.contentId);
			expect(status).toBe(404);
			expect(data.error?.code).toBe(code);
		}
	});

	test('a fraction of all blobs has a fault, always the same ones', async () => {
		const statuses = async () => {
			const { sim, blob } = await startTenant({ blobs: 60, faults: { blobInternalError: 0.3 } });
			const answers: number[] = [];
			for (const { contentId } of sim.feed.blobs) answers.push((await blob(contentId)).status);
			return answers;
		};
		const first = await statuses();
		expect(first.filter((status) => status === 500).length).toBeGreaterThan(8);
		expect(first.filter((status) => status === 500).length).toBeLessThan(30);
		expect(await statuses()).toEqual(first);
	});
});
