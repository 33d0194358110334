import { setAlarm } from '../../nodes/transport/alarm';

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

describe('alarms', () => {
	let timeout: jest.SpiedFunction<typeof AbortSignal.timeout>;

	beforeEach(() => {
		timeout = jest.spyOn(AbortSignal, 'timeout');
	});
	afterEach(() => timeout.mockRestore());

	it('ring once each, in the order of their times, whatever the order in which they were set', async () => {
		const rung: string[] = [];
		// A busy machine may let more time pass between the two than there is between their times.
		const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
		const late = new Promise<void>((resolve) => {
			setAlarm(30, () => {
				rung.push('late');
				resolve();
			});
			setAlarm(10, () => rung.push('early'));
		});
		clock.mockRestore();
		await late;
		await wait(40);
		expect(rung).toEqual(['early', 'late']);
	});

	it('ring in the order of their times also when the process was too busy to ring them in time', async () => {
		const rung: string[] = [];
		const busyUntil = Date.now() + 20;
		await new Promise<void>((resolve) => {
			// At one time for both: the machine may be busy between the two.
			const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
			setAlarm(8, () => {
				rung.push('late');
				setTimeout(resolve);
			});
			setAlarm(4, () => rung.push('early'));
			clock.mockRestore();
			while (Date.now() < busyUntil);
		});
		expect(rung).toEqual(['early', 'late']);
	});

	it('that are stopped do not ring, and make no further timer', async () => {
		const ring = jest.fn();
		const stop = setAlarm(5, ring);
		stop();
		const timers = timeout.mock.calls.length;
		await wait(20);
		expect(ring).not.toHaveBeenCalled();
		expect(timeout).toHaveBeenCalledTimes(timers);
	});

	it('share one timer while each is set for later than the one before', () => {
		const stops = Array.from({ length: 100 }, (_, at) => setAlarm(1_000 + at, () => undefined));
		expect(timeout.mock.calls.length).toBeLessThanOrEqual(1);
		for (const stop of stops) stop();
	});

	it('ring in time although the clock of the machine is set back meanwhile', async () => {
		const right = Date.now();
		const clock = jest.spyOn(Date, 'now');
		const rung = new Promise<string>((resolve) => {
			setAlarm(5, () => resolve('rung'));
		});
		clock.mockImplementation(() => right - 5 * 3_600_000);
		expect(await Promise.race([rung, wait(500)])).toBe('rung');
		clock.mockRestore();
	});

	it('may be set by an alarm that rings', async () => {
		await expect(
			new Promise<string>((resolve) => {
				setAlarm(2, () => setAlarm(2, () => resolve('again')));
			}),
		).resolves.toBe('again');
	});

	it('stay few, however often a shorter one overtakes', async () => {
		const stopLong = setAlarm(60, () => undefined);
		for (let round = 0; round < 5; round++) {
			await new Promise<void>((resolve) => {
				setAlarm(2, resolve);
			});
		}
		await wait(80);
		stopLong();
		// One for each short alarm, and one to go on with the long one after each.
		expect(timeout.mock.calls.length).toBeLessThanOrEqual(12);
	});
});
