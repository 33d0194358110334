import {
	createEmptyStage,
	createStage,
	MINUTE,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('Audit Event > Get Many: stopping', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const downloads = () => requestsTo(stage.sim, '/audit/');
	const addEvent = (Id: string, createdMs: number, more = {}) =>
		stage.sim.feed.addBlob({ createdMs, events: [{ Id }], ...more });

	test('a stopped execution stops asking within the requests under way', async () => {
		stage = await createStage({ blobs: 400, latencyMs: { mean: 20, jitter: 0 } });
		let stop = () => undefined as void;
		const stopped = new Promise<void>((resolve) => (stop = resolve));
		const running = stage.getEvents({ options: { concurrency: 4 } }, { cancelAfter: stopped });
		while (downloads().length < 10) await new Promise((resolve) => setImmediate(resolve));
		stop();
		const { run } = await running;
		expect(run.status).toBe('canceled');
		const asked = stage.sim.requestLog.length;
		expect(downloads().length).toBeLessThan(40);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(stage.sim.requestLog.length).toBeLessThanOrEqual(asked + 4);
	});

	describe.each(['events', 'file'])('a stopped execution does not wait (%s)', (output) => {
		/** On a busy machine; whoever waits for anything would wait for ever. */
		const AT_ONCE_MS = 5_000;

		/** Stops the run once a blob was asked for, while nobody who waits would ever wake; tells how long it took. */
		const stopDuring = async () => {
			stage.clock.freeze();
			let stop = () => undefined as void;
			const stopped = new Promise<void>((resolve) => (stop = resolve));
			const running = stage.getEvents({ output }, { cancelAfter: stopped });
			while (downloads().length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
			await new Promise((resolve) => setTimeout(resolve, 50));
			const before = Date.now();
			stop();
			const { run } = await running;
			expect(run.status).toBe('canceled');
			return Date.now() - before;
		};

		test('for an answer that stalls', async () => {
			await play({ stallMs: MINUTE });
			addEvent('stalled', stage.clock.now() - MINUTE, { fault: 'Stall' });
			expect(await stopDuring()).toBeLessThan(AT_ONCE_MS);
		});

		test('for a quota', async () => {
			await play();
			addEvent('throttled', stage.clock.now() - MINUTE);
			stage.sim.failNext(
				{ path: '/audit/', times: Infinity },
				{ status: 429, headers: { 'Retry-After': '60' }, body: { error: { code: 'AF429' } } },
			);
			expect(await stopDuring()).toBeLessThan(AT_ONCE_MS);
		});

		test('for a blob that fails again and again', async () => {
			await play();
			const filler = 'x'.repeat(1_000_000);
			stage.sim.feed.addBlob({
				createdMs: stage.clock.now() - MINUTE,
				events: [{ Id: 'big', filler }],
				fault: 'Reset',
				failures: Infinity,
			});
			expect(await stopDuring()).toBeLessThan(AT_ONCE_MS);
		});
	});
});
