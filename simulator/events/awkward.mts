import type { Faker } from '@faker-js/faker';
import type { AuditRecord } from './eventTemplate.mts';
import { nameValues } from './eventTemplate.mts';

/** Values and shapes that were seen on the live service and broke somebody's parser. */
const VARIATIONS: ReadonlyArray<(record: AuditRecord, faker: Faker) => AuditRecord> = [
	(record) => ({ ...record, ClientIP: '' }),
	(record) => ({ ...record, ClientIP: '<null>' }),
	(record) => ({ ...record, ClientIP: null }),
	({ ClientIP: _absent, ...record }) => record,
	(record, faker) => ({ ...record, ClientIP: `${faker.internet.ipv4()}:443` }),
	(record) => ({ ...record, ClientIP: '[fdfd::1]:443' }),
	(record) => ({ ...record, ClientIP: '::ffff:10.0.0.1' }),
	(record) => ({ ...record, Parameters: '-Identity "Default" -Enabled "True"' }),
	(record) => ({ ...record, Parameters: nameValues({ Identity: 'a', identity: 'b' }) }),
	(record) => ({
		...record,
		ModifiedProperties: ['Subject', { Name: 'Owner', NewValue: ['a', 'b'], OldValue: null }],
	}),
	(record) => ({
		...record,
		ExtendedProperties: [
			{ Name: 'Count', Value: 3 },
			{ Name: 'Count', Value: '4' },
		],
	}),
	(record) => ({ ...record, ResultStatus: 'PartiallySucceeded' }),
	(record, faker) => ({
		...record,
		ResultStatus: faker.helpers.arrayElement(['TRUE', 'true', 'success', 'Success ', '0', '']),
	}),
	(record) => ({ ...record, Platform: 'WinDesktop' }),
	(record) => ({ ...record, Platform: 2 }),
	({ DataState: _moved, ...record }) => ({ ...record, 'Data State': 'Rest' }),
	(record) => ({ ...record, objectId: 'differs by case only', OBJECTID: 'and once more' }),
	(record) => ({ ...record, Data: '{"f3u":"nobody@example.com","truncated":"not valid JSO' }),
	(record) => ({ ...record, ObjectId: 'line one\r\nline two\tשלום\u200b – \u202etxt.exe' }),
	(record) => ({ ...record, UserId: 'Not Available', UserKey: 'Not Available', UserType: 1 }),
	(record) => ({ ...record, UserType: 99 }),
	(record) => ({ ...record, CreationTime: `${String(record['CreationTime'])}.0000000` }),
	(record) => ({ ...record, Workload: 'user1' }),
	(record) => ({ ...record, AssignedTo: null, Solutions: [], ExceptionInfo: {} }),
];

/** The record with two of the awkward variations. */
export function makeAwkward(record: AuditRecord, faker: Faker): AuditRecord {
	return faker.helpers
		.arrayElements([...VARIATIONS], 2)
		.reduce((changed, vary) => vary(changed, faker), record);
}

/** JSON members that `JSON.stringify` would not write: they are spliced into the record's text. */
export const AWKWARD_MEMBERS = [
	'"UniqueTokenNumber":9007199254740993',
	'"Score":1e400',
	'"Ratio":-0.0',
	'"Exact":1.0',
];

export const HOSTILE_MEMBERS = [
	'"__proto__":{"isAdmin":true,"toString":"polluted"}',
	'"constructor":{"prototype":{"polluted":true}}',
	'"LoneSurrogate":"\\ud800"',
	'"Nul":"before\\u0000after"',
	'"Markup":"<img src=x onerror=alert(1)>{{ $json.secret }}={{1+1}}"',
	'"Formula":"=HYPERLINK(\\"http://example.invalid\\")"',
	`"Deep":${'['.repeat(200)}${']'.repeat(200)}`,
	'"hasOwnProperty":1,"valueOf":null,"toJSON":"text"',
	'"Huge":123456789012345678901234567890',
];

const DEEP_LEVELS = 10_000;
export const DEEP_MEMBER = `"Deepest":${'['.repeat(DEEP_LEVELS)}${']'.repeat(DEEP_LEVELS)}`;
