import { getEventListeners } from 'node:events';

import { onAbort, pause } from '../../nodes/transport/cancel';

function stage() {
	const controller = new AbortController();
	let wake = () => {};
	const waits: number[] = [];
	const sleep = async (ms: number) => {
		waits.push(ms);
		await new Promise<void>((resolve) => (wake = resolve));
	};
	return { controller, sleep, waits, wake: () => wake() };
}

describe('a pause', () => {
	it('lasts as long as told, and leaves no listener at the signal', async () => {
		const { controller, sleep, waits, wake } = stage();
		let over = false;
		const pausing = pause({ sleep }, 700, controller.signal).then(() => (over = true));
		await Promise.resolve();
		expect(waits).toEqual([700]);
		expect([over, getEventListeners(controller.signal, 'abort').length]).toEqual([false, 1]);
		wake();
		await pausing;
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
	});

	it('needs no signal', async () => {
		const { sleep, wake } = stage();
		const pausing = pause({ sleep }, 1);
		wake();
		await pausing;
	});

	it('ends with the execution', async () => {
		const { controller, sleep } = stage();
		const pausing = pause({ sleep }, 700, controller.signal);
		controller.abort();
		await expect(pausing).rejects.toMatchObject({ kind: 'cancelled', message: 'The execution was canceled' });
	});

	it('does not begin when the execution has ended', async () => {
		const { controller, sleep, waits } = stage();
		controller.abort();
		await expect(pause({ sleep }, 700, controller.signal)).rejects.toMatchObject({ kind: 'cancelled' });
		expect(waits).toEqual([]);
	});
});

describe('listeners of one signal', () => {
	function listen(count: number) {
		const controller = new AbortController();
		const called: number[] = [];
		const stops = Array.from({ length: count }, (_, at) => onAbort(controller.signal, () => called.push(at)));
		return { controller, called, stops, atSignal: () => getEventListeners(controller.signal, 'abort').length };
	}

	it('are all called, once and in their order, and cost the signal one listener', () => {
		const { controller, called, atSignal } = listen(3);
		expect(atSignal()).toBe(1);
		controller.abort();
		controller.abort();
		expect(called).toEqual([0, 1, 2]);
		expect(atSignal()).toBe(0);
	});

	it('are not called once they were stopped, and the last one to be stopped leaves nothing at the signal', () => {
		const { controller, called, stops, atSignal } = listen(3);
		stops[1]!();
		stops[1]!();
		expect(atSignal()).toBe(1);
		stops[0]!();
		stops[2]!();
		expect(atSignal()).toBe(0);
		controller.abort();
		expect(called).toEqual([]);
	});

	it('may stop each other while they are called', () => {
		const controller = new AbortController();
		const called: string[] = [];
		onAbort(controller.signal, () => {
			called.push('first');
			stopSecond();
		});
		const stopSecond = onAbort(controller.signal, () => called.push('second'));
		onAbort(controller.signal, () => called.push('third'));
		controller.abort();
		expect(called).toEqual(['first', 'third']);
	});

	it('can come anew after the last one has gone, whom a second stop does not concern', () => {
		const { controller, called, stops, atSignal } = listen(1);
		stops[0]!();
		const again: string[] = [];
		onAbort(controller.signal, () => again.push('again'));
		stops[0]!();
		onAbort(controller.signal, () => again.push('and again'));
		expect(atSignal()).toBe(1);
		controller.abort();
		expect([called, again]).toEqual([[], ['again', 'and again']]);
	});

	it('are not called by a signal that has aborted already', () => {
		const controller = new AbortController();
		controller.abort();
		const called: string[] = [];
		onAbort(controller.signal, () => called.push('late'));
		controller.abort();
		expect(called).toEqual([]);
	});
});
