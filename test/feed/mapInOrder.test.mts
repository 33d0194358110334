import fc from 'fast-check';

import { mapInOrder } from '../../nodes/feed/mapInOrder';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const list: T[] = [];
	for await (const item of items) list.push(item);
	return list;
}

/** Work that ends when it is told to. */
function workshop() {
	const begun: number[] = [];
	const doors = new Map<number, { resolve(value: string): void; reject(error: Error): void }>();
	const work = async (item: number) => {
		begun.push(item);
		return await new Promise<string>((resolve, reject) => doors.set(item, { resolve, reject }));
	};
	return { begun, doors, work };
}

const flush = async () => await new Promise((resolve) => setImmediate(resolve));

describe('mapInOrder', () => {
	it('keeps the order of the items, with at most lookAhead begun and not handed out, whatever ends first', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				fc.array(fc.integer(), { maxLength: 12 }),
				fc.integer({ min: 1, max: 5 }),
				async (scheduler, items, lookAhead) => {
					let open = 0;
					let most = 0;
					const mapped = mapInOrder(
						items.entries(),
						async (entry) => {
							most = Math.max(most, ++open);
							return await scheduler.schedule(Promise.resolve(entry));
						},
						lookAhead,
					);
					const results: Array<[number, number]> = [];
					const reading = (async () => {
						for await (const result of mapped) {
							open--;
							results.push(result);
						}
					})();
					await scheduler.waitFor(reading);
					expect(results).toEqual([...items.entries()]);
					expect(most).toBeLessThanOrEqual(lookAhead);
				},
			),
			{ seed: 7, numRuns: 60 },
		);
	});

	it('begins all that the look-ahead allows, without waiting for the first', async () => {
		const { begun, doors, work } = workshop();
		const results = mapInOrder([1, 2, 3, 4], work, 3);
		const first = results.next();
		await flush();
		expect(begun).toEqual([1, 2, 3]);
		doors.get(2)!.resolve('two');
		await flush();
		expect(begun).toEqual([1, 2, 3]);
		doors.get(1)!.resolve('one');
		expect((await first).value).toBe('one');
		expect((await results.next()).value).toBe('two');
		await flush();
		expect(begun).toEqual([1, 2, 3, 4]);
		for (const [, door] of doors) door.resolve('');
		await results.return(undefined);
	});

	it('asks for the look-ahead anew at every step', async () => {
		const begun: number[] = [];
		let lookAhead = 1;
		const results = mapInOrder(
			[1, 2, 3, 4, 5],
			async (item) => {
				begun.push(item);
				return item;
			},
			() => lookAhead,
		);
		await results.next();
		expect(begun).toEqual([1]);
		lookAhead = 3;
		await results.next();
		expect(begun).toEqual([1, 2, 3, 4]);
	});

	it('starts nothing more when its reader leaves early', async () => {
		const { begun, doors, work } = workshop();
		const reading = (async () => {
			for await (const value of mapInOrder([1, 2, 3, 4, 5, 6], work, 2)) {
				if (value === 'one') break;
			}
		})();
		await flush();
		doors.get(1)!.resolve('one');
		await reading;
		doors.get(2)!.resolve('two');
		await flush();
		expect(begun).toEqual([1, 2]);
	});

	it('ends with the first rejection in order, and one behind it is not an unhandled rejection', async () => {
		const unhandled: unknown[] = [];
		const note = (reason: unknown) => unhandled.push(reason);
		process.on('unhandledRejection', note);
		const { begun, doors, work } = workshop();
		const reading = collect(mapInOrder([1, 2, 3, 4], work, 3));
		await flush();
		doors.get(3)!.reject(new Error('third'));
		doors.get(2)!.reject(new Error('second'));
		await flush();
		doors.get(1)!.resolve('one');
		await expect(reading).rejects.toThrow('second');
		await flush();
		process.off('unhandledRejection', note);
		expect(unhandled).toEqual([]);
		expect(begun).toEqual([1, 2, 3, 4]);
	});

	it('is empty for no items', async () => {
		expect(await collect(mapInOrder([], async (item) => item, 4))).toEqual([]);
	});
});
