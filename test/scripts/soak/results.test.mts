import { condense } from '../../../scripts/soak/results.mts';
import type { Sample } from '../../../scripts/soak/types.mts';

describe('what is kept of a soak', () => {
	it('is the median of each minute', () => {
		const looks = [
			[0.1, 5],
			[0.5, 7],
			[0.9, 900],
			[1.2, 8],
		].map(([minute, rssMb]) => ({ minute, rssMb }) as unknown as Sample);
		expect(condense(looks)).toEqual([
			{ minute: 0.5, rssMb: 7 },
			{ minute: 1.2, rssMb: 8 },
		]);
	});
});
