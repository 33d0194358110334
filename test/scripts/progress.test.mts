import { readableTime } from '../../scripts/n8n/progress.mts';

describe('a time for people', () => {
	it.each([
		[0, '0.0 s'],
		[9_949, '9.9 s'],
		[9_999, '10 s'],
		[59_400, '59 s'],
		[59_600, '1 min 0 s'],
		[75_000, '1 min 15 s'],
		[599_800, '10 min 0 s'],
	])('%i ms are %s', (ms, text) => expect(readableTime(ms)).toBe(text));
});
