import { getEventListeners } from 'node:events';

import { pause } from '../../nodes/transport/cancel';

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
