import { createFirstAlone } from '../../nodes/transport/firstAlone';

const never = async () => await new Promise<never>(() => {});

describe('the first request', () => {
	it('that is not answered holds up the others for its time only', async () => {
		const firstAlone = createFirstAlone(20);
		const begun: string[] = [];
		void firstAlone(async () => (begun.push('first'), await never()));
		const second = firstAlone(async () => begun.push('second'));
		await Promise.resolve();
		expect(begun).toEqual(['first']);
		await second;
		expect(begun).toEqual(['first', 'second']);
	});

	it('lets the others go with its first answer, though it goes on itself', async () => {
		const firstAlone = createFirstAlone();
		void firstAlone(async (answered) => (answered(), await never()));
		expect(await firstAlone(async () => await Promise.resolve('second'))).toBe('second');
	});

	it('lets the others go when it ends in whatever way', async () => {
		const firstAlone = createFirstAlone();
		await expect(firstAlone(async () => await Promise.reject(new Error('no place')))).rejects.toThrow('no place');
		expect(await firstAlone(async () => await Promise.resolve('second'))).toBe('second');
	});
});
