import fc from 'fast-check';

import { RECORD_TYPE_NAMES } from '../../nodes/feed/recordTypes';
import { normalizeEvent, shapeEvent, simplifyEvent } from '../../nodes/feed/shape';
import type { AuditEvent } from '../../nodes/feed/types';
import { USER_TYPE_NAMES } from '../../nodes/feed/userTypes';

const EVENT: AuditEvent = {
	CreationTime: '2026-02-07T16:43:53',
	Id: 'a',
	Operation: 'New-InboxRule',
	OrganizationId: 'o',
	RecordType: 1,
	UserType: 2,
	UserKey: 'k',
	Workload: 'Exchange',
	UserId: 'anna@contoso.com',
	ClientIP: '[fdfd::1]:443',
	ObjectId: 'x',
	ResultStatus: 'True',
	Parameters: [
		{ Name: 'Force', Value: 'True' },
		{ Name: 'Mailbox', Value: 'anna' },
	],
};

const json = (text: string) => JSON.parse(text) as AuditEvent;

describe('a simplified event', () => {
	it('holds the common fields, in this order, with the time as ISO UTC and the address without port', () => {
		expect(Object.entries(simplifyEvent(EVENT))).toEqual([
			['Id', 'a'],
			['CreationTime', '2026-02-07T16:43:53.000Z'],
			['Workload', 'Exchange'],
			['Operation', 'New-InboxRule'],
			['RecordType', 1],
			['RecordTypeName', 'ExchangeAdmin'],
			['UserId', 'anna@contoso.com'],
			['UserTypeName', 'Admin'],
			['ClientIP', 'fdfd::1'],
			['ObjectId', 'x'],
			['ResultStatus', 'True'],
		]);
	});

	it('leaves out what the event lacks', () => {
		expect(simplifyEvent({})).toEqual({});
		expect(Object.keys(simplifyEvent({ Id: 'a', Extra: 1 }))).toEqual(['Id']);
	});

	it.each([undefined, null, '', '<null>'])('has no ClientIP when it is %p', (ClientIP) => {
		expect('ClientIP' in simplifyEvent({ Id: 'a', ClientIP })).toBe(false);
	});

	it('never guesses the name of a number that is in no published table', () => {
		for (const value of [99_999, '99999', -1, 1.5, '1.5', null, 'ExchangeAdmin', '0x1', '']) {
			const simple = simplifyEvent({ RecordType: value, UserType: value });
			expect(Object.keys(simple).filter((key) => key.endsWith('Name'))).toEqual([]);
		}
	});

	it('keeps a time that cannot be read as it is', () => {
		expect(simplifyEvent({ CreationTime: 'soon' })).toEqual({ CreationTime: 'soon' });
	});
});

describe('a normalized event', () => {
	it('is the whole record with ISO time, known names and pairs as an object', () => {
		expect(normalizeEvent(EVENT)).toEqual({
			...EVENT,
			CreationTime: '2026-02-07T16:43:53.000Z',
			RecordTypeName: 'ExchangeAdmin',
			UserTypeName: 'Admin',
			Parameters: { Force: 'True', Mailbox: 'anna' },
		});
	});

	it('names each number of the tables, also when it comes as text', () => {
		for (const [number, name] of RECORD_TYPE_NAMES) {
			expect(normalizeEvent({ RecordType: String(number) }).RecordTypeName).toBe(name);
		}
		for (const [number, name] of USER_TYPE_NAMES) {
			expect(normalizeEvent({ UserType: number }).UserTypeName).toBe(name);
		}
	});

	it('keeps all values of a name that occurs twice', () => {
		const event = { Parameters: [{ Name: 'a', Value: 1 }, { Name: 'b' }, { Name: 'a', Value: 2 }] };
		expect(normalizeEvent(event)).toEqual({ Parameters: { a: [1, 2], b: undefined } });
	});

	it.each([
		['text instead of a list', { Parameters: '{"a":1}' }],
		['strings in the list', { ModifiedProperties: ['Group', 'Name'] }],
		['old and new values', { ModifiedProperties: [{ Name: 'x', OldValue: 1, NewValue: 2 }] }],
		['a pair beside something else', { Parameters: [{ Name: 'x', Value: 1 }, 'y'] }],
		['a name that is no text', { Parameters: [{ Name: 7, Value: 1 }] }],
		['null', { Parameters: null }],
		['an empty list of another field', { Folders: [] }],
	])('leaves %s as it is', (_, event) => {
		expect(normalizeEvent(event)).toEqual(event);
	});

	it.each(['Parameters', 'ExtendedProperties', 'DeviceProperties', 'OperationProperties', 'AuthDetails'])(
		'turns an empty list into an empty object where pairs are known to stand: %s',
		(field) => {
			expect(normalizeEvent({ [field]: [] })).toEqual({ [field]: {} });
		},
	);

	it('adds no key for what the event lacks', () => {
		expect(Object.keys(normalizeEvent({ Id: 'a', RecordType: 999_999, UserType: 999 }))).toEqual([
			'Id',
			'RecordType',
			'UserType',
		]);
	});

	it('takes __proto__ and constructor as names like any other', () => {
		const event = json(
			'{"__proto__":[{"Name":"polluted","Value":1}],"Parameters":[{"Name":"__proto__","Value":{"polluted":1}},{"Name":"constructor","Value":2}]}',
		);
		const normal = normalizeEvent(event);
		expect(JSON.stringify(normal)).toBe(
			'{"__proto__":{"polluted":1},"Parameters":{"__proto__":{"polluted":1},"constructor":2}}',
		);
		expect(Object.getPrototypeOf(normal)).toBe(Object.prototype);
		expect('polluted' in normal || 'polluted' in {}).toBe(false);
	});
});

describe('shaping', () => {
	it('never changes the event it is given, and never throws, whatever the event holds', () => {
		const known = fc.record(
			Object.fromEntries(
				[...Object.keys(EVENT), 'ModifiedProperties'].map((key) => [
					key,
					fc.oneof(
						fc.jsonValue(),
						fc.array(fc.record({ Name: fc.string(), Value: fc.jsonValue() })),
						fc.constant(EVENT[key]),
					),
				]),
			),
			{ requiredKeys: [] },
		);
		const any = fc.dictionary(fc.string(), fc.jsonValue());
		fc.assert(
			fc.property(
				fc.oneof(known, any),
				fc.boolean(),
				fc.boolean(),
				(event, simplify, normalize) => {
					const before = structuredClone(event);
					shapeEvent(event, { simplify, normalize });
					expect(event).toEqual(before);
				},
			),
			{ seed: 13, numRuns: 300 },
		);
	});

	it('changes nothing unless asked to, and simplify wins over normalize', () => {
		expect(shapeEvent(EVENT, { simplify: false, normalize: false })).toBe(EVENT);
		expect(shapeEvent(EVENT, { simplify: false, normalize: true })).toEqual(normalizeEvent(EVENT));
		expect(shapeEvent(EVENT, { simplify: true, normalize: true })).toEqual(simplifyEvent(EVENT));
	});
});
