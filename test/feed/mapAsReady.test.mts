import { mapAsReady } from '../../nodes/feed/mapAsReady';

/** Work that ends when it is told to. */
function workshop() {
	const begun: number[] = [];
	const doors = new Map<number, { resolve(value: string): void; reject(error: Error): void }>();
	const work = async (item: number) => {
		begun.push(item);
		return await new Promise<string>((resolve, reject) => doors.set(item, { resolve, reject }));
	};
	const end = (item: number) => doors.get(item)?.resolve(`${item}`);
	return { begun, doors, work, end };
}

const flush = async () => await new Promise((resolve) => setImmediate(resolve));
const forEver = () => undefined;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const list: T[] = [];
	for await (const item of items) list.push(item);
	return list;
}

describe('mapAsReady', () => {
	it('yields what is ready, though the first item is not', async () => {
		const { work, end, begun } = workshop();
		const results = mapAsReady([1, 2, 3, 4], work, () => 2, forEver);
		const second = results.next();
		await flush();
		end(2);
		expect((await second).value).toBe('2');
		const third = results.next();
		await flush();
		expect(begun).toEqual([1, 2, 3]);
		end(3);
		expect((await third).value).toBe('3');
		const rest = collect(results);
		await flush();
		end(4);
		end(1);
		expect((await rest).sort()).toEqual(['1', '4']);
	});

	it('of what is ready yields the foremost first', async () => {
		const { work, end } = workshop();
		const results = collect(mapAsReady([1, 2, 3], work, () => 3, forEver));
		await flush();
		for (const item of [1, 2, 3]) end(item);
		expect(await results).toEqual(['1', '2', '3']);
	});

	it('never has more than the look-ahead begun and not yielded', async () => {
		let open = 0;
		let most = 0;
		const work = async (item: number) => {
			most = Math.max(most, ++open);
			await flush();
			return item;
		};
		for await (const _ of mapAsReady([1, 2, 3, 4, 5, 6, 7], work, () => 3, forEver)) open--;
		expect(most).toBe(3);
	});

	it('ends when the patience does before anything is ready, and starts nothing more', async () => {
		const { work, end, begun } = workshop();
		let loseIt = () => undefined as void;
		const patience = async () => await new Promise<void>((resolve) => (loseIt = resolve));
		const results = collect(mapAsReady([1, 2, 3], work, () => 2, patience));
		await flush();
		end(2);
		await flush();
		loseIt();
		expect(await results).toEqual(['2']);
		end(1);
		await flush();
		expect(begun).toEqual([1, 2, 3]);
	});

	it('ends with the first rejection', async () => {
		const { work, doors } = workshop();
		const results = collect(mapAsReady([1, 2], work, () => 2, forEver));
		await flush();
		doors.get(2)?.reject(new Error('broken'));
		await expect(results).rejects.toThrow('broken');
	});

	it('of nothing is nothing', async () => {
		expect(await collect(mapAsReady([], async (item) => item, () => 2, forEver))).toEqual([]);
	});
});
