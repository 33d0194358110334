import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import {
	isBodyStream,
	MAX_ERROR_BYTES,
	readChunks,
	readErrorText,
	readText,
	type BodyLimits,
	type BodyStream,
} from '../../nodes/transport/body';

const limits = (change: Partial<BodyLimits> = {}): BodyLimits => ({
	maxBytes: 1_000,
	stallMs: 5_000,
	totalMs: 5_000,
	...change,
});
const never = new Promise<never>(() => {});

/** A body as axios hands it out: a generator that cannot be ended while it waits for the server. */
function body(...chunks: Array<string | Promise<string>>) {
	const state = { destroyed: 0, taken: 0 };
	async function* source(): AsyncGenerator<Uint8Array> {
		for (const chunk of chunks) {
			state.taken++;
			yield Buffer.from(await chunk);
		}
	}
	const stream: BodyStream = Object.assign(source(), { destroy: () => state.destroyed++ });
	return { stream, state };
}

describe('a body', () => {
	it('is read as text across chunks that cut a character', async () => {
		const bytes = Buffer.from('שלום 💥');
		const stream = Readable.from([...bytes].map((byte) => Uint8Array.of(byte)));
		expect(await readText(stream, limits())).toBe('שלום 💥');
	});

	it('may be empty', async () => {
		const { stream, state } = body();
		expect(await readText(stream, limits())).toBe('');
		expect(state.destroyed).toBe(1);
	});

	it('that stalls is given up, though its stream never ends, and the connection is closed', async () => {
		const { stream, state } = body('[', never);
		await expect(readText(stream, limits({ stallMs: 15 }))).rejects.toMatchObject({
			kind: 'transient',
			message: expect.stringContaining('stopped sending') as unknown,
		});
		expect(state.destroyed).toBe(1);
	});

	it('that stalls is given up in time although the clock of the machine is set back meanwhile', async () => {
		const right = Date.now();
		const clock = jest.spyOn(Date, 'now');
		const ended = readText(body('[', never).stream, limits({ stallMs: 15 })).catch(({ kind }: { kind: string }) => kind);
		clock.mockImplementation(() => right - 5 * 3_600_000);
		const late = new Promise((resolve) => AbortSignal.timeout(500).addEventListener('abort', resolve, { once: true }));
		expect(await Promise.race([ended, late])).toBe('transient');
		clock.mockRestore();
	});

	it('that drips is given up when its whole time is over', async () => {
		async function* drip(): AsyncGenerator<Uint8Array> {
			for (;;) {
				await new Promise((resolve) =>
					AbortSignal.timeout(5).addEventListener('abort', resolve, { once: true }),
				);
				yield Buffer.from('x');
			}
		}
		const stream: BodyStream = Object.assign(drip(), { destroy: () => undefined });
		await expect(readText(stream, limits({ totalMs: 40 }))).rejects.toMatchObject({
			kind: 'transient',
		});
	});

	it('is not given up for the time its reader takes', async () => {
		const { stream } = body('a', 'b', 'c');
		let text = '';
		for await (const chunk of readChunks(stream, limits({ stallMs: 20, totalMs: 20 }))) {
			text += Buffer.from(chunk).toString();
			await new Promise((resolve) =>
				AbortSignal.timeout(25).addEventListener('abort', resolve, { once: true }),
			);
		}
		expect(text).toBe('abc');
	});

	it('that is too large is given up at once, in words of megabytes', async () => {
		const { stream, state } = body('x'.repeat(600), 'x'.repeat(600), 'x');
		await expect(readText(stream, limits())).rejects.toMatchObject({
			kind: 'badRequest',
			message: expect.stringMatching(/larger than \d+ MB/) as unknown,
		});
		expect([state.taken, state.destroyed]).toEqual([2, 1]);
		expect(await readText(body('x'.repeat(1_000)).stream, limits())).toHaveLength(1_000);
	});

	it('that is too large is told with its limit, and what to use instead', async () => {
		const maxBytes = 2 * 1024 * 1024;
		await expect(readText(body('x'.repeat(maxBytes + 1)).stream, limits({ maxBytes }))).rejects.toMatchObject({
			message: 'The content is larger than 2 MB',
			advice: 'Use the output “File”, which writes it to disk piece by piece.',
		});
	});

	it('that breaks off is transient, and nothing of the original error goes on', async () => {
		const { stream } = body('[', Promise.reject(new Error('socket hang up Bearer eyJx')));
		const failure: unknown = await readText(stream, limits()).catch((error: unknown) => error);
		expect(failure).toMatchObject({
			kind: 'transient',
			message: expect.stringContaining('broke off') as unknown,
		});
		expect(JSON.stringify(failure)).not.toContain('Bearer');
	});

	it('ends with the execution, before and during a wait', async () => {
		const controller = new AbortController();
		const { stream, state } = body('[', never);
		const reading = readText(stream, limits({ signal: controller.signal }));
		setImmediate(() => controller.abort());
		await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
		expect(state.destroyed).toBeGreaterThanOrEqual(1);
		await expect(
			readText(body('a').stream, limits({ signal: controller.signal })),
		).rejects.toMatchObject({ kind: 'cancelled' });
	});

	it('closes the connection when its reader leaves early', async () => {
		const { stream, state } = body('a', 'b', 'c');
		for await (const chunk of readChunks(stream, limits())) {
			expect(Buffer.from(chunk).toString()).toBe('a');
			break;
		}
		expect(state).toEqual({ destroyed: 1, taken: 1 });
	});

	it('that was begun and never read on is closed with the execution, and leaves no timer behind', async () => {
		const controller = new AbortController();
		const { stream, state } = body('a', 'b');
		const chunks = readChunks(stream, limits({ signal: controller.signal, stallMs: 5 }));
		await chunks.next();
		controller.abort();
		expect(state.destroyed).toBe(1);
		const timeout = jest.spyOn(AbortSignal, 'timeout');
		await new Promise((resolve) => AbortSignal.timeout(25).addEventListener('abort', resolve));
		expect(timeout).toHaveBeenCalledTimes(1);
		timeout.mockRestore();
	});

	it('is held by nothing once it is read, though its timer still runs', async () => {
		setFlagsFromString('--expose-gc');
		const collectGarbage = runInNewContext('gc') as () => void;
		async function read(): Promise<WeakRef<object>> {
			const { stream } = body('a');
			await readText(stream, limits({ stallMs: 60_000, totalMs: 60_000 }));
			return new WeakRef(stream);
		}
		const held = await read();
		for (let tries = 0; tries < 20 && held.deref(); tries++) {
			await new Promise(setImmediate);
			collectGarbage();
		}
		expect(held.deref()).toBeUndefined();
	});

	it('leaves no listener at the signal of the execution', async () => {
		const controller = new AbortController();
		const { signal } = controller;
		const counts = { add: 0, remove: 0 };
		const [add, remove] = [
			signal.addEventListener.bind(signal),
			signal.removeEventListener.bind(signal),
		];
		signal.addEventListener = (...args: Parameters<typeof add>) => {
			counts.add++;
			add(...args);
		};
		signal.removeEventListener = (...args: Parameters<typeof remove>) => {
			counts.remove++;
			remove(...args);
		};
		await readText(body('a').stream, limits({ signal }));
		expect(counts).toEqual({ add: 1, remove: 1 });
	});
});

describe('a body that calls when data comes, as streams of Node’s do', () => {
	/** As axios makes it: a stream in front of a generator. */
	function flowing(...chunks: Array<string | Promise<string>>) {
		async function* source(): AsyncGenerator<Uint8Array> {
			for (const chunk of chunks) yield Buffer.from(await chunk);
		}
		return Readable.from(source(), { objectMode: false });
	}

	it('is read whole, and closed', async () => {
		const stream = flowing('[', '1', ']');
		expect(await readText(stream, limits())).toBe('[1]');
		expect(stream.destroyed).toBe(true);
		expect(await readText(flowing(), limits())).toBe('');
	});

	it('that stalls after its start is given up and closed', async () => {
		const stream = flowing('[', never);
		await expect(readText(stream, limits({ stallMs: 15 }))).rejects.toMatchObject({
			kind: 'transient',
			message: expect.stringContaining('stopped sending') as unknown,
		});
		expect(stream.destroyed).toBe(true);
	});

	it('that goes on coming is not taken for one that stalls, but ends with its whole time', async () => {
		async function* drip(): AsyncGenerator<Uint8Array> {
			for (let n = 0; n < 12; n++) {
				await new Promise((resolve) => setTimeout(resolve, 10));
				yield Buffer.from('x');
			}
		}
		const read = async (change: Partial<BodyLimits>) => await readText(Readable.from(drip()), limits(change));
		expect(await read({ stallMs: 90 })).toBe('x'.repeat(12));
		await expect(read({ stallMs: 90, totalMs: 60 })).rejects.toMatchObject({ kind: 'transient' });
	});

	it('that is too large is given up', async () => {
		const stream = flowing('x'.repeat(600), 'x'.repeat(600), never);
		await expect(readText(stream, limits())).rejects.toMatchObject({ kind: 'badRequest' });
		expect(stream.destroyed).toBe(true);
	});

	it.each([
		['breaks off', (stream: Readable) => stream.destroy(new Error('socket hang up Bearer eyJx'))],
		['is closed without an end', (stream: Readable) => stream.destroy()],
	])('that %s is transient, and nothing of the original error goes on', async (_, end) => {
		const stream = new Readable({ read: () => undefined });
		stream.push('[');
		const reading = readText(stream, limits());
		setImmediate(() => end(stream));
		const failure: unknown = await reading.catch((error: unknown) => error);
		expect(failure).toMatchObject({
			kind: 'transient',
			message: expect.stringContaining('broke off') as unknown,
		});
		expect(JSON.stringify(failure)).not.toContain('Bearer');
	});

	it('ends with the execution, before and during a wait', async () => {
		const controller = new AbortController();
		const stream = flowing('[', never);
		const reading = readText(stream, limits({ signal: controller.signal }));
		setImmediate(() => controller.abort());
		await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
		expect(stream.destroyed).toBe(true);
		const late = flowing('a');
		await expect(readText(late, limits({ signal: controller.signal }))).rejects.toMatchObject({
			kind: 'cancelled',
		});
		expect(late.destroyed).toBe(true);
	});
});

describe('the body of an error answer', () => {
	it('is read up to 64 KB', async () => {
		const { stream, state } = body(...Array<string>(20).fill('x'.repeat(10 * 1_024)));
		expect(await readErrorText(stream)).toHaveLength(MAX_ERROR_BYTES);
		expect(state.taken).toBe(7);
		expect(state.destroyed).toBe(1);
	});

	it('is what came before it broke off', async () => {
		expect(await readErrorText(body('{"error"', Promise.reject(new Error('x'))).stream)).toBe(
			'{"error"',
		);
	});
});

describe('a body stream', () => {
	it('is told from bodies that were read already', () => {
		expect(isBodyStream(Readable.from([]))).toBe(true);
		for (const value of [undefined, null, '', 'text', Buffer.from('x'), {}, [], 7])
			expect(isBodyStream(value)).toBe(false);
	});
});
