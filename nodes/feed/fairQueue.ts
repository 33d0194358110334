/** A queue in which the lanes take turns; within a lane it is first come, first served. */
export interface FairQueue<T> {
	readonly size: number;
	/** @param first before the others of its lane: it had its turn before and has to come again */
	add(lane: string, item: T, first?: boolean): void;
	/** The next item, out of the queue. */
	take(): T | undefined;
	remove(lane: string, item: T): void;
	/** All items, out of the queue. */
	clear(): T[];
}

export function createFairQueue<T>(): FairQueue<T> {
	/** Lanes with items, in the order of their turns. */
	const lanes = new Map<string, T[]>();
	let size = 0;

	function take(): T | undefined {
		const turn = lanes.entries().next();
		if (turn.done) return undefined;
		const [lane, items] = turn.value;
		const item = items.shift()!;
		size--;
		lanes.delete(lane);
		if (items.length > 0) lanes.set(lane, items);
		return item;
	}

	return {
		get size() {
			return size;
		},
		add(lane, item, first = false) {
			const items = lanes.get(lane);
			if (!items) lanes.set(lane, [item]);
			else if (first) items.unshift(item);
			else items.push(item);
			size++;
		},
		take,
		remove(lane, item) {
			const items = lanes.get(lane) ?? [];
			const index = items.indexOf(item);
			if (index < 0) return;
			items.splice(index, 1);
			size--;
			if (items.length === 0) lanes.delete(lane);
		},
		clear() {
			const all = [...lanes.values()].flat();
			lanes.clear();
			size = 0;
			return all;
		},
	};
}
