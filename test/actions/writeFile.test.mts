import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';

import { writeFile } from '../../nodes/actions/event/writeFile';
import type { OperationContext } from '../../nodes/actions/types';
import { FeedFailure } from '../../nodes/feed/failure';
import { fakeNode } from './fakeNode.mts';

const OPTIONS = {
	compress: false,
	range: { startMs: Date.parse('2026-11-20T08:00:00.123Z'), endMs: Date.parse('2026-11-21T09:30:00Z') },
	number: 2,
	like: new Readable(),
};

async function* lines(): AsyncGenerator<Uint8Array> {
	yield Buffer.from('one\n');
	yield Buffer.from('two\n');
}

/** Writes into a storage that does as n8n's does: it wraps what a stream throws. */
async function write(options: Partial<Omit<typeof OPTIONS, 'like'>> & { like?: object } = {}, chunks = lines()) {
	const stored: { data?: Buffer; wasStream?: boolean; names?: string[] } = {};
	const prepareBinaryData = async (data: Buffer | Readable, ...names: string[]) => {
		const parts: Buffer[] = [];
		try {
			if (Buffer.isBuffer(data)) parts.push(data);
			else for await (const part of data) parts.push(part as Buffer);
		} catch (error) {
			throw new Error('Storage failed', { cause: error });
		}
		Object.assign(stored, { data: Buffer.concat(parts), wasStream: data instanceof Readable, names });
		return { mimeType: names[1], data: '', fileName: names[0] };
	};
	const node = { ...fakeNode(), helpers: { prepareBinaryData } };
	const context = { node, itemIndex: 1 } as unknown as OperationContext;
	const item = await writeFile(context, { ...OPTIONS, ...options }, chunks, { events: 2, blobs: 1, bytes: 8 });
	return { item, ...stored };
}

describe('a file of events', () => {
	it('goes to n8n as a stream, so that it never is in memory as a whole', async () => {
		const { item, data, wasStream, names } = await write();
		const fileName = 'audit-events-20261120T080000Z-20261121T093000Z-2.ndjson';
		expect([String(data), wasStream, names]).toEqual(['one\ntwo\n', true, [fileName, 'application/x-ndjson']]);
		expect(item).toMatchObject({ json: { fileName, events: 2, blobs: 1, bytes: 8 }, pairedItem: { item: 1 } });
	});

	it('is compressed on its way, and says so in its name and type', async () => {
		const { data, names } = await write({ compress: true });
		expect(gunzipSync(data!).toString()).toBe('one\ntwo\n');
		expect(names).toEqual(['audit-events-20261120T080000Z-20261121T093000Z-2.ndjson.gz', 'application/gzip']);
	});

	it.each([
		['no stream', {}],
		['a stream of a class that cannot be made of chunks', { pipe: () => undefined }],
	])('is collected where the download gave %s', async (_, like) => {
		const { data, wasStream } = await write({ like });
		expect([String(data), wasStream]).toEqual(['one\ntwo\n', false]);
	});

	it.each([false, true])('that breaks off fails with the reason itself, not with what the storage makes of it (compress: %s)', async (compress) => {
		async function* broken(): AsyncGenerator<Uint8Array> {
			yield Buffer.from('one\n');
			throw new FeedFailure({ kind: 'transient', message: 'The connection was reset' });
		}
		await expect(write({ compress }, broken())).rejects.toThrow('The connection was reset');
	});
});
