import type { IDataObject } from 'n8n-workflow';

import { createEmptyStage, eventsOf, MINUTE, type Stage } from '../support/stage.mts';

const EVENTS = [
	{
		Id: 'login',
		RecordType: 15,
		Workload: 'AzureActiveDirectory',
		Operation: 'UserLoggedIn',
		UserId: 'ana@contoso.com',
		ClientIP: '10.1.2.3:443',
		ResultStatus: 'Success',
	},
	{
		Id: 'failed',
		RecordType: 15,
		Workload: 'AzureActiveDirectory',
		Operation: 'UserLoginFailed',
		UserId: 'bob@contoso.com',
		ClientIP: '10.9.9.9',
		ResultStatus: 'Failed',
	},
	{
		Id: 'rule',
		RecordType: 1,
		Workload: 'Exchange',
		Operation: 'New-InboxRule',
		UserId: 'ANA@contoso.com',
		ClientIP: '[2001:db8::7]:50000',
		ResultStatus: 'True',
	},
	{
		Id: 'file',
		RecordType: 6,
		Workload: 'SharePoint',
		Operation: 'FileAccessed',
		UserId: 'bob@fabrikam.com',
		ClientIP: '192.0.2.1',
	},
	{ Id: 'bare', RecordType: 987_654, Operation: 'Unknown' },
];

describe('Audit Event > Get Many: filters', () => {
	let stage: Stage;

	beforeAll(async () => {
		stage = await createEmptyStage();
		stage.sim.feed.addBlob({ createdMs: stage.clock.now() - MINUTE, events: EVENTS });
	});

	afterAll(async () => await stage.close());

	const filtered = async (filters: IDataObject, more: IDataObject = {}) => {
		const result = await stage.getEvents({ contentTypes: ['Audit.General'], filters, ...more });
		return result.error?.message ?? eventsOf(result).map(({ Id }) => Id);
	};

	test.each<[string, IDataObject, string[]]>([
		['none keeps everything', {}, ['login', 'failed', 'rule', 'file', 'bare']],
		['record types by number', { recordTypes: [15, 6] }, ['login', 'failed', 'file']],
		['record types by name, any case', { recordTypes: ['exchangeadmin'] }, ['rule']],
		['an unpublished record type', { recordTypes: [987_654] }, ['bare']],
		['workloads, any case', { workloads: ['EXCHANGE', 'SharePoint'] }, ['rule', 'file']],
		[
			'operations, comma-separated',
			{ operations: 'UserLoggedIn, new-inboxrule' },
			['login', 'rule'],
		],
		['operations with a wildcard', { operations: 'UserLog*' }, ['login', 'failed']],
		['users with a wildcard, any case', { users: 'ana@*' }, ['login', 'rule']],
		['client IPs without port', { clientIps: '10.1.2.3' }, ['login']],
		[
			'client IPs as ranges',
			{ clientIps: '10.0.0.0/8, 2001:db8::/32' },
			['login', 'failed', 'rule'],
		],
		['result statuses', { resultStatuses: 'success,true' }, ['login', 'rule']],
		[
			'OR within one, AND across',
			{
				workloads: ['AzureActiveDirectory', 'Exchange'],
				users: 'ana@*',
				resultStatuses: 'Success',
			},
			['login'],
		],
		['what nothing fits', { operations: 'Nothing' }, []],
		[
			'empty values filter nothing',
			{ operations: '', users: ' , ', recordTypes: [] },
			['login', 'failed', 'rule', 'file', 'bare'],
		],
	])('%s', async (_name, filters, expected) => {
		expect(await filtered(filters)).toEqual(expected);
	});

	test('arrays by expression work wherever text does', async () => {
		expect(await filtered({ operations: '={{ ["UserLoggedIn", "FileAccessed"] }}' })).toEqual([
			'login',
			'file',
		]);
		expect(await filtered({ recordTypes: '={{ [1] }}' })).toEqual(['rule']);
		expect(await filtered({ workloads: '={{ "Exchange,SharePoint" }}' })).toEqual(['rule', 'file']);
	});

	test('filters see the whole record, also when only a part is put out', async () => {
		expect(await filtered({ clientIps: '10.1.2.3' }, { simplify: true })).toEqual(['login']);
	});

	test.each<[IDataObject, RegExp]>([
		[{ clientIps: '10.0.0.0/99' }, /10\.0\.0\.0\/99.*IP address/s],
		[{ recordTypes: ['NoSuchType'] }, /NoSuchType.*record type/s],
	])('a value that cannot mean anything is told: %j', async (filters, sentence) => {
		expect(await filtered(filters)).toMatch(sentence);
	});
});
