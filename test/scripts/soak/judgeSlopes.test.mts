import { judgeSlope } from '../../../scripts/soak/judgeSlopes.mts';
import { MEASURES } from '../../../scripts/soak/measures.mts';
import type { Measure } from '../../../scripts/soak/measures.mts';
import type { Sample } from '../../../scripts/soak/types.mts';

const MINUTES = 60;
const MEMORY: Measure = { name: 'rssMb', label: '', unit: 'MB', slack: 10, slackShare: 0.1, worse: 'more' };
const THROUGHPUT: Measure = { ...MEMORY, name: 'eventsPerMinute', slack: 0, worse: 'less' };

/** An hour of looks, of which only one measure matters. */
function hour({ name }: Measure, valueAt: (minute: number) => number): Sample[] {
	return Array.from({ length: MINUTES * 4 + 1 }, (_, at) => at / 4).map(
		(minute) => ({ minute, [name]: valueAt(minute) }) as unknown as Sample,
	);
}

const isFlat = (measure: Measure, valueAt: (minute: number) => number) =>
	judgeSlope(hour(measure, valueAt), measure).flat;

describe('the judge of the soak', () => {
	it('takes a measure that stays where it is for level', () => {
		expect(judgeSlope(hour(MEMORY, () => 500), MEMORY)).toEqual({
			name: 'rssMb',
			second: 500,
			last: 500,
			allowed: 50,
			flat: true,
		});
	});

	it('sees a slow leak', () => {
		expect(isFlat(MEMORY, (minute) => 300 + 2 * minute)).toBe(false);
	});

	it('forgives growth in the first quarter, which is for warming up', () => {
		expect(isFlat(MEMORY, (minute) => 300 + 40 * Math.min(minute, 15))).toBe(true);
	});

	it('sees growth that began after the warm-up and has ended since', () => {
		expect(isFlat(MEMORY, (minute) => (minute < 35 ? 300 : 400))).toBe(false);
	});

	it('forgives peaks that come and go', () => {
		expect(isFlat(MEMORY, (minute) => (minute > 50 && minute < 55 ? 5_000 : 300))).toBe(true);
	});

	it('allows the larger of the fixed and the proportional change', () => {
		const step = (from: number, to: number) => (minute: number) => (minute < 40 ? from : to);
		expect(isFlat(MEMORY, step(20, 29))).toBe(true);
		expect(isFlat(MEMORY, step(20, 31))).toBe(false);
		expect(isFlat(MEMORY, step(1_000, 1_099))).toBe(true);
		expect(isFlat(MEMORY, step(1_000, 1_101))).toBe(false);
	});

	it('never minds what gets better', () => {
		expect(isFlat(MEMORY, (minute) => 900 - 10 * minute)).toBe(true);
		expect(isFlat(THROUGHPUT, (minute) => 300 + 10 * minute)).toBe(true);
	});

	it('sees that less and less is delivered', () => {
		expect(isFlat(THROUGHPUT, (minute) => 300 - 2 * minute)).toBe(false);
	});

	it('does not take for level what was not measured', () => {
		expect(isFlat(MEMORY, () => NaN)).toBe(false);
		expect(judgeSlope([], MEMORY).flat).toBe(false);
	});

	it('goes by the time of the looks, not by their number', () => {
		const looks = hour(MEMORY, (minute) => (minute < 45 ? 300 : 400));
		const few = looks.filter(({ minute }) => minute < 45 || minute % 5 === 0);
		expect(judgeSlope(few, MEMORY)).toMatchObject({ second: 300, last: 400, flat: false });
	});

	it.each(MEASURES.map((measure) => [measure.name, measure] as const))(
		'has a limit for %s that something can exceed',
		(_name, measure) => {
			const worse = measure.worse === 'more' ? 10 : 0.1;
			const unit = Math.max(1, measure.slack);
			expect(isFlat(measure, () => unit)).toBe(true);
			expect(isFlat(measure, (minute) => (minute < 40 ? unit : unit * worse))).toBe(false);
		},
	);
});
