import fc from 'fast-check';

import { createFairQueue } from '../../nodes/feed/fairQueue';

function filled(...items: Array<[lane: string, item: string, first?: boolean]>) {
	const queue = createFairQueue<string>();
	for (const item of items) queue.add(...item);
	return queue;
}

function drain(queue: ReturnType<typeof filled>): string[] {
	const all = Array.from({ length: queue.size }, () => queue.take()!);
	expect(queue.size).toBe(0);
	return all;
}

describe('the queue', () => {
	it('is first come, first served within a lane', () => {
		expect(drain(filled(['a', '1'], ['a', '2'], ['a', '3']))).toEqual(['1', '2', '3']);
	});

	it('lets the lanes take turns, however much one of them wants', () => {
		const queue = filled(['a', 'a1'], ['a', 'a2'], ['a', 'a3'], ['b', 'b1'], ['c', 'c1'], ['b', 'b2']);
		expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
	});

	it('serves before the others of its lane what had its turn already', () => {
		expect(drain(filled(['a', 'a1'], ['b', 'b1'], ['a', 'again', true]))).toEqual(['again', 'b1', 'a1']);
	});

	it('forgets what is removed, and only that', () => {
		const queue = filled(['a', 'a1'], ['a', 'a2'], ['b', 'b1']);
		queue.remove('a', 'a1');
		queue.remove('b', 'a2');
		queue.remove('b', 'b1');
		queue.remove('nobody', 'x');
		expect(queue.size).toBe(1);
		expect(drain(queue)).toEqual(['a2']);
		expect(queue.take()).toBeUndefined();
	});

	it('gives no turn to a lane whose last one was removed', () => {
		const queue = filled(['a', 'a1'], ['b', 'b1']);
		queue.remove('a', 'a1');
		expect(queue.take()).toBe('b1');
	});

	it('gives out everything when it is cleared', () => {
		const queue = filled(['a', 'a1'], ['b', 'b1']);
		expect(queue.clear()).toEqual(['a1', 'b1']);
		expect([queue.size, queue.take()]).toEqual([0, undefined]);
	});

	it('starves nobody: who waits sees every other lane pass at most once for each that waits before in its own', () => {
		const lanes = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 80 });
		fc.assert(
			fc.property(lanes, (list) => {
				const queue = filled(...list.map((lane, index): [string, string] => [lane, `${lane}${index}`]));
				for (const [position, item] of drain(queue).entries()) {
					const index = Number(item.slice(1));
					const before = list.slice(0, index).filter((lane) => lane === item[0]).length;
					expect(position).toBeLessThan((before + 1) * 4);
				}
			}),
			{ seed: 31 },
		);
	});
});
