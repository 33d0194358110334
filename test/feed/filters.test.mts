import fc from 'fast-check';

import { compileFilters, InvalidFilter, type EventFilters } from '../../nodes/feed/filters';
import { RECORD_TYPE_NAMES } from '../../nodes/feed/recordTypes';
import type { AuditEvent } from '../../nodes/feed/types';
import { cpuTimeMs } from '../cpuTime.mts';

const EVENT: AuditEvent = {
	RecordType: 1,
	Workload: 'Exchange',
	Operation: 'New-InboxRule',
	UserId: 'anna@contoso.com',
	ClientIP: '10.1.2.3:443',
	ResultStatus: 'True',
};

const keeps = (filters: EventFilters, change: AuditEvent = {}) =>
	compileFilters(filters)!({ ...EVENT, ...change });

describe('filters', () => {
	it('are none when every list is empty or absent', () => {
		expect(compileFilters({})).toBeUndefined();
		expect(compileFilters({ users: [], recordTypes: [], clientIps: [] })).toBeUndefined();
	});

	it('are OR within one list and AND across the lists', () => {
		const hits: EventFilters = {
			recordTypes: [50, 'ExchangeAdmin'],
			workloads: ['SharePoint', 'Exchange'],
			operations: ['Set-*', 'New-*'],
			users: ['bob@contoso.com', 'anna@*'],
			clientIps: ['192.168.0.0/16', '10.0.0.0/8'],
			resultStatuses: ['Failed', 'True'],
		};
		const misses: EventFilters = {
			recordTypes: [50],
			workloads: ['SharePoint'],
			operations: ['Set-*'],
			users: ['bob@contoso.com'],
			clientIps: ['192.168.0.0/16'],
			resultStatuses: ['Failed'],
		};
		expect(keeps(hits)).toBe(true);
		for (const name of Object.keys(hits) as Array<keyof EventFilters>) {
			expect(keeps({ [name]: hits[name] })).toBe(true);
			expect(keeps({ ...hits, [name]: misses[name] })).toBe(false);
		}
	});

	it('do not look at letter case or blanks around a value', () => {
		expect(
			keeps({
				workloads: [' EXCHANGE '],
				operations: [' new-INBOX* '],
				users: ['ANNA@CONTOSO.COM'],
				resultStatuses: ['tRUE'],
				recordTypes: [' exchangeadmin '],
			}),
		).toBe(true);
	});

	it.each([undefined, null, { a: 1 }, ['Exchange']])('drop an event whose field is %p', (value) => {
		expect(keeps({ workloads: ['*', 'Exchange', ''] }, { Workload: value })).toBe(false);
		expect(keeps({ operations: ['*'] }, { Operation: value })).toBe(false);
		expect(keeps({ clientIps: ['0.0.0.0/0'] }, { ClientIP: value })).toBe(false);
		expect(keeps({ recordTypes: [1] }, { RecordType: value })).toBe(false);
	});

	it('take a `*` literally in workloads and result statuses', () => {
		expect(keeps({ workloads: ['Ex*'] })).toBe(false);
		expect(keeps({ resultStatuses: ['*'] })).toBe(false);
	});

	it('compare numbers and booleans by their text', () => {
		expect(keeps({ resultStatuses: ['true'] }, { ResultStatus: true })).toBe(true);
		expect(keeps({ operations: ['4*'] }, { Operation: 42 })).toBe(true);
	});
});

describe('a wildcard', () => {
	const letters = fc.string({
		unit: fc.constantFrom('a', 'b', 'A', '.', '-', '\n', 'é'),
		maxLength: 12,
	});
	const patterns = fc.string({
		unit: fc.constantFrom('*', 'a', 'b', 'B', '.', '-', 'é'),
		minLength: 1,
		maxLength: 8,
	});

	it('matches what the regular expression with .* for * matches', () => {
		let hits = 0;
		fc.assert(
			fc.property(patterns, letters, (pattern, text) => {
				const source = pattern
					.split('*')
					.map((part) => part.replace(/[.-]/g, '\\$&'))
					.join('.*');
				const expected = new RegExp(`^${source}$`, 'is').test(text);
				if (expected) hits++;
				expect(keeps({ operations: [pattern] }, { Operation: text })).toBe(expected);
			}),
			{ seed: 9, numRuns: 3_000 },
		);
		expect(hits).toBeGreaterThan(100);
	});

	it('does not let its ends share characters', () => {
		expect(keeps({ users: ['ab*ba'] }, { UserId: 'aba' })).toBe(false);
		expect(keeps({ users: ['a*bc*c'] }, { UserId: 'abc' })).toBe(false);
		expect(keeps({ users: ['ab*ba'] }, { UserId: 'abba' })).toBe(true);
	});

	it('does not let what stands between its stars share characters', () => {
		expect(keeps({ users: ['*bb*bb*'] }, { UserId: 'abbbc' })).toBe(false);
		expect(keeps({ users: ['*bb*bb*'] }, { UserId: 'abbbbc' })).toBe(true);
	});

	it('takes no special character but *', () => {
		expect(
			keeps({ operations: ['New.InboxRule', '.*', 'New-[I]nboxRule', 'New?InboxRule*'] }),
		).toBe(false);
	});

	it('with many stars takes no exponential time on a long value', () => {
		const startedMs = cpuTimeMs();
		expect(keeps({ users: [`${'*a'.repeat(40)}*b`] }, { UserId: 'a'.repeat(20_000) })).toBe(false);
		expect(cpuTimeMs() - startedMs).toBeLessThan(1_000);
	});
});

describe('a record type', () => {
	it('is a number, a text of digits, or any name of Microsoft’s table', () => {
		for (const [number, name] of RECORD_TYPE_NAMES) {
			expect(keeps({ recordTypes: [name] }, { RecordType: number })).toBe(true);
		}
		expect(keeps({ recordTypes: ['15'] }, { RecordType: 15 })).toBe(true);
		expect(keeps({ recordTypes: [15] }, { RecordType: '15' })).toBe(true);
		expect(keeps({ recordTypes: [99_999] }, { RecordType: 99_999 })).toBe(true);
	});

	it.each([true, [1], null, { valueOf: 1 }, undefined])('of an event is not read from anything else: %p', (RecordType) => {
		expect(keeps({ recordTypes: [0, 1] }, { RecordType })).toBe(false);
	});

	it('that nobody knows is refused by its name, not silently without effect', () => {
		expect(() => compileFilters({ recordTypes: ['ExchangeAdmn'] })).toThrow(InvalidFilter);
		expect(() => compileFilters({ recordTypes: ['ExchangeAdmn'] })).toThrow('“ExchangeAdmn”');
		expect(() => compileFilters({ recordTypes: [-1] })).toThrow(InvalidFilter);
		expect(() => compileFilters({ recordTypes: ['1.5'] })).toThrow(InvalidFilter);
	});
});

describe('a client IP', () => {
	it.each([
		['10.1.2.3', '10.1.2.3', true],
		['10.1.2.3', '10.1.2.3:443', true],
		['10.1.2.3:80', '10.1.2.3:443', true],
		['10.0.0.0/8', '10.255.0.1', true],
		['10.0.0.0/8', '11.0.0.1', false],
		['10.0.0.0/8', '::ffff:10.0.0.1', true],
		['::ffff:10.0.0.0/104', '10.9.9.9', true],
		['fdfd::/16', '[fdfd::1]:443', true],
		['fdfd::/16', 'FDFD:0:0:0:0:0:0:1', true],
		['fdfd::1', 'fdfd::2', false],
		['0.0.0.0/0', '::1', false],
		['::/0', '10.0.0.1', false],
		['10.0.0.0/8', '<null>', false],
		['10.0.0.0/8', '', false],
	])('filter %s, event %s: %p', (pattern, ClientIP, expected) => {
		expect(keeps({ clientIps: [pattern] }, { ClientIP })).toBe(expected);
	});

	it('is found in each field in which a workload puts it', () => {
		const event = { ClientIP: undefined };
		expect(keeps({ clientIps: ['10.0.0.1'] }, { ...event, ClientIPAddress: '10.0.0.1' })).toBe(
			true,
		);
		expect(keeps({ clientIps: ['10.0.0.1'] }, { ...event, ActorIpAddress: '10.0.0.1:1' })).toBe(
			true,
		);
	});

	it.each([
		'10.0.0',
		'localhost',
		'10.0.0.0/33',
		'10.0.0.0/',
		'::/129',
		'10.0.0.0/8/8',
		'10.0.0.0/-1',
		'*',
		'10.0.*',
		'1.2.3.256',
	])('%s is refused by its text', (pattern) => {
		expect(() => compileFilters({ clientIps: ['10.0.0.1', pattern] })).toThrow(InvalidFilter);
		expect(() => compileFilters({ clientIps: ['10.0.0.1', pattern] })).toThrow(`“${pattern}”`);
	});
});
