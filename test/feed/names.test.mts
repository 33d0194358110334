import { RECORD_TYPE_NAMES } from '../../nodes/feed/recordTypes';
import { USER_TYPE_NAMES } from '../../nodes/feed/userTypes';
import { WORKLOADS } from '../../nodes/feed/workloads';

describe.each([
	['record types', RECORD_TYPE_NAMES, 267, [[1, 'ExchangeAdmin'], [15, 'AzureActiveDirectoryStsLogon'], [50, 'ExchangeItemAggregated']]],
	['user types', USER_TYPE_NAMES, 11, [[0, 'Regular'], [10, 'Guest']]],
] as const)('the names of %s', (_, names, count, known) => {
	it('are those of Microsoft’s table, each for one number', () => {
		for (const [number, name] of known) expect(names.get(number)).toBe(name);
		expect(names.size).toBe(count);
		for (const [number, name] of names) {
			expect(Number.isInteger(number)).toBe(true);
			expect(name).toMatch(/^[A-Z][\w -]+$/);
		}
		expect(new Set(names.values()).size).toBe(count);
	});
});

describe('the workloads to choose from', () => {
	it('are in the order of the alphabet, each once, without blanks', () => {
		expect(WORKLOADS).toEqual([...new Set(WORKLOADS)].sort());
		expect(WORKLOADS.filter((name) => !/^[A-Z]\w+$/.test(name))).toEqual([]);
		expect(WORKLOADS).toEqual(expect.arrayContaining(['AzureActiveDirectory', 'Exchange', 'SharePoint']));
	});
});
