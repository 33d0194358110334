import type { ActionResult } from '../harness.mts';
import { createEmptyStage, MINUTE, type Stage } from '../support/stage.mts';

/** A code, the status it comes with, and what the user must read: what happened, and what to do. */
const TOLD: Array<
	[code: string, status: number, meaning: string, happened: RegExp, advice: RegExp]
> = [
	['AF10001', 401, 'permission missing', /not allowed/i, /ActivityFeed\.Read/],
	['AF20001', 400, 'parameter missing', /parameter is missing/i, /[Cc]heck/],
	['AF20002', 400, 'wrong type', /wrong type/i, /[Cc]heck/],
	['AF20003', 400, 'expiration in the past', /past/i, /future/i],
	['AF20010', 401, 'tenant in the URL differs from the token’s', /tenant/i, /Tenant ID/],
	['AF20011', 400, 'no such tenant', /tenant/i, /Tenant ID/],
	['AF20012', 400, 'tenant misconfigured', /tenant/i, /[Cc]heck/],
	['AF20013', 400, 'tenant not a GUID', /tenant/i, /Tenant ID/],
	['AF20020', 400, 'content type not valid', /content type/i, /Audit\./],
	['AF20021', 400, 'webhook could not be validated', /webhook/i, /webhook/i],
	['AF20022', 400, 'no subscription', /no subscription/i, /Start/],
	['AF20023', 400, 'subscription disabled', /disabled/i, /Start/],
	['AF20030', 400, 'time range', /time range/i, /7 days/],
	['AF20031', 400, 'next page invalid', /next page/i, /again/],
	['AF20055', 400, 'time range', /time range/i, /7 days/],
	['AF429', 429, 'throttled', /quota/i, /wait|lower/i],
	['429', 403, 'throttled', /quota/i, /wait|lower/i],
	['AF50000', 500, 'internal, retry', /could not process/i, /again/],
	['AF50005', 500, 'internal, retry', /could not process/i, /again/],
	['AF50006', 500, 'internal, retry', /could not process/i, /again/],
];

/** Codes of single blobs: the run goes on, and the report says it. */
const REPORTED: Array<[code: string, status: number, meaning: string, happened: RegExp]> = [
	['AF20050', 404, 'no such content', /does not exist/i],
	['AF20051', 404, 'content expired', /expired/i],
	['AF20052', 400, 'content ID invalid', /content ?ID/i],
];

const BODIES: Array<[shape: string, body: unknown]> = [
	['{"error": {"code": "…", "message": "…"}}', { error: { code: 'AF50000', message: 'Later.' } }],
	['{"Message": "…"}', { Message: 'An error has occurred.' }],
	['plain text', 'Service unavailable'],
	['HTML', '<html><body><h1>502 Bad Gateway</h1></body></html>'],
	['nothing', ''],
];

describe('The wire: error codes', () => {
	let stage: Stage;

	beforeEach(async () => {
		stage = await createEmptyStage();
		stage.sim.feed.addBlob({ createdMs: stage.clock.now() - MINUTE, events: [{ Id: 'one' }] });
	});

	afterEach(async () => await stage.close());

	const listEvents = async () =>
		await stage.getEvents({ contentTypes: ['Audit.General'], lastAmount: 1 });
	const textOf = ({ error }: ActionResult) =>
		`${error?.message}\n${(error as { description?: string } | undefined)?.description}`;

	function answerAlways(path: string, status: number, body: unknown): void {
		stage.sim.failNext({ path, times: Infinity }, { status, body });
	}

	test.each(TOLD)('%s (HTTP %i): %s', async (code, status, _meaning, happened, advice) => {
		answerAlways('/subscriptions/content', status, { error: { code, message: `Says ${code}.` } });
		const result = await listEvents();
		expect(result.items).toEqual([]);
		expect(['NodeApiError', 'NodeOperationError']).toContain(result.error?.name);
		expect(textOf(result)).toMatch(happened);
		expect(textOf(result)).toMatch(advice);
		if (code.startsWith('AF')) expect(textOf(result)).toContain(code);
		expect(stage.engine.findLeaks({ run: result.run })).toEqual([]);
	});

	test.each(REPORTED)('%s (HTTP %i): %s', async (code, status, _meaning, happened) => {
		answerAlways('/audit/', status, { error: { code, message: `Says ${code}.` } });
		const { items, error, hints } = await listEvents();
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0]?.json.error).toMatch(happened);
		expect(items[0]?.json.error).toContain(code);
		expect(hints.length).toBeGreaterThan(0);
	});

	test('AF20024: already enabled is success (see subscriptions)', async () => {
		stage.sim.tenantState.subscriptions.delete('Audit.General');
		answerAlways('/subscriptions/start', 400, { error: { code: 'AF20024', message: 'Already.' } });
		const { error, items } = await stage.run({
			resource: 'subscription',
			operation: 'start',
			contentType: 'Audit.General',
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ alreadyEnabled: true });
	});

	test.each([
		['AF20053', 'Only one language may be present in the Accept-Language header.'],
		['AF20054', 'Invalid syntax in Accept-Language header.'],
	])('%s: language', async (code, message) => {
		answerAlways('dlpSensitiveTypes', 400, { error: { code, message } });
		const result = await stage.run({ resource: 'sensitiveType', operation: 'getAll' });
		expect(textOf(result)).toMatch(/language/i);
		expect(textOf(result)).toContain(code);
	});

	describe('“Body shape: …”: an outage is told as one, whatever the body', () => {
		test.each(BODIES)('%s', async (_shape, body) => {
			answerAlways('/subscriptions/content', 503, body);
			const result = await listEvents();
			expect(textOf(result)).toMatch(/could not process/i);
			expect(textOf(result)).toMatch(/503/);
			expect(textOf(result)).not.toMatch(/<html|\[object/i);
		});

		test.each(BODIES)('%s, once: the request is repeated', async (_shape, body) => {
			stage.sim.failNext({ path: '/subscriptions/content' }, { status: 503, body });
			const result = await listEvents();
			expect(result.items.map(({ json }) => json.Id)).toEqual(['one']);
		});
	});
});
