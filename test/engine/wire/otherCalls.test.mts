import {
	createEmptyStage,
	createStage,
	DAY,
	jsonOf,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

const LAST_DAYS = { timeRange: 'last', lastAmount: 3, lastUnit: 'days', returnAll: true };

describe('The wire: other calls', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const playWebhook = async (options: StageOptions = {}) =>
		(stage = await createStage({
			blobs: 30,
			days: 2,
			contentTypes: ['Audit.General'],
			subscriptions: { 'Audit.General': { webhook: 'https://example.com/hook' } },
			...options,
		}));

	test('“GET subscriptions/notifications … same windows and paging as content, plus notificationSent, notificationStatus”', async () => {
		await playWebhook({ faults: { pageSize: 4, nextPageEndTime: 'endtime' } });
		const result = await stage.run({
			resource: 'notification',
			operation: 'getAll',
			contentTypes: ['Audit.General'],
			...LAST_DAYS,
		});
		expect(result.error).toBeUndefined();
		expect(result.items).toHaveLength(30);
		for (const entry of jsonOf(result)) {
			expect(entry).toMatchObject({
				contentType: 'Audit.General',
				notificationSent: expect.any(String),
				notificationStatus: expect.any(String),
			});
		}
		const spans = requestsTo(stage.sim, '/notifications').map(
			({ query }) =>
				Date.parse(`${query.endTime ?? query.endtime}Z`) - Date.parse(`${query.startTime}Z`),
		);
		expect(Math.max(...spans)).toBeLessThanOrEqual(DAY);
		expect(stage.sim.ledger.violations).toEqual([]);
	});

	test('“GET resources/dlpSensitiveTypes, header Accept-Language”', async () => {
		stage = await createEmptyStage();
		const german = await stage.run({
			resource: 'sensitiveType',
			operation: 'getAll',
			options: { language: 'de-DE' },
			language: 'de-DE',
		});
		expect(jsonOf(german)).toContainEqual(expect.objectContaining({ name: 'Kreditkartennummer' }));
		const english = await stage.run({ resource: 'sensitiveType', operation: 'getAll' });
		expect(jsonOf(english)).toContainEqual(expect.objectContaining({ name: 'Credit Card Number' }));
	});

	test.each([
		['AF20053', 'de, en'],
		['AF20054', 'not a language!'],
	])('“one language only, else AF20053/AF20054”: %s', async (code, language) => {
		stage = await createEmptyStage();
		const { error } = await stage.run({
			resource: 'sensitiveType',
			operation: 'getAll',
			options: { language },
			language,
		});
		const told = `${error?.message} ${(error as { description?: string } | undefined)?.description}`;
		expect(told).toMatch(/one language/i);
		if (requestsTo(stage.sim, 'dlpSensitiveTypes').length > 0) expect(told).toContain(code);
	});

	test('“Webhooks … Microsoft recommends polling”: an existing webhook is shown, and survives everything but a stop', async () => {
		await playWebhook();
		const [listed] = jsonOf(
			await stage.run({ resource: 'subscription', operation: 'getAll' }),
		).filter(({ contentType }) => contentType === 'Audit.General');
		expect(listed).toMatchObject({ webhook: { address: 'https://example.com/hook' } });
		await stage.run({ resource: 'subscription', operation: 'start', contentType: 'Audit.General' });
		await stage.run({ resource: 'setup', operation: 'check' });
		await stage.getEvents({ options: { startMissingSubscriptions: true } });
		expect(stage.sim.tenantState.subscriptions.get('Audit.General')?.webhook).toMatchObject({
			address: 'https://example.com/hook',
		});
	});
});
