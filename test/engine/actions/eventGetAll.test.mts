import type { IDataObject } from 'n8n-workflow';

import { NO_OP_TYPE } from '../harness.mts';
import {
	createEmptyStage,
	createStage,
	DAY,
	eventsOf,
	jsonOf,
	MINUTE,
	reportsOf,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('Audit Event > Get Many', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const ids = (result: Parameters<typeof eventsOf>[0]) => eventsOf(result).map(({ Id }) => Id);

	const addEvent = (Id: string, createdMs: number, more = {}) =>
		stage.sim.feed.addBlob({ createdMs, events: [{ Id }], ...more });

	test('the defaults: the four Audit types, the last day, 50 events, simplified', async () => {
		stage = await createStage({ blobs: 200, eventsPerBlob: 1, days: 3 });
		const result = await stage.run({ resource: 'event', operation: 'getAll' });
		expect(result.error).toBeUndefined();
		expect(result.items).toHaveLength(50);
		const types = requestsTo(stage.sim, '/subscriptions/content').map(
			({ query }) => query.contentType,
		);
		expect([...new Set(types)].sort()).toEqual([
			'Audit.AzureActiveDirectory',
			'Audit.Exchange',
			'Audit.General',
			'Audit.SharePoint',
		]);
		const oldest = Math.min(
			...jsonOf(result).map(({ _content }) =>
				Date.parse((_content as IDataObject).contentCreated as string),
			),
		);
		expect(stage.clock.now() - oldest).toBeLessThanOrEqual(DAY + MINUTE);
	});

	test('all input items are worked on, each with its own parameters, and items point back to theirs', async () => {
		await play();
		addEvent('general', stage.clock.now() - 2 * MINUTE);
		addEvent('exchange', stage.clock.now() - MINUTE, { contentType: 'Audit.Exchange' });
		const result = await stage.getEvents(
			{ contentTypes: '={{ [$json.type] }}' },
			{
				input: [{ json: { type: 'Audit.Exchange' } }, { json: { type: 'Audit.General' } }],
				downstream: { type: NO_OP_TYPE, parameters: {} },
			},
		);
		expect(result.error).toBeUndefined();
		expect(ids(result)).toEqual(['exchange', 'general']);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	describe('when an item fails', () => {
		const parameters = { contentTypes: '={{ [$json.type] }}' };
		const input = [{ json: { type: 'Audit.Wrong' } }, { json: { type: 'Audit.General' } }];
		const playOne = async () => {
			await play();
			addEvent('fine', stage.clock.now() - MINUTE);
		};

		test('the run ends, naming the item', async () => {
			await playOne();
			const { error } = await stage.getEvents(parameters, { input });
			expect(error?.message).toMatch(/Audit\.Wrong|content type/i);
			expect((error as { context?: { itemIndex?: number } }).context?.itemIndex).toBe(0);
		});

		test('with “continue”, its error is an item and the others go on', async () => {
			await playOne();
			const { items, error } = await stage.getEvents(parameters, { input, continueOnFail: true });
			expect(error).toBeUndefined();
			expect(items[0]).toMatchObject({
				json: { error: expect.stringMatching(/Audit\.Wrong|content type/i) },
				pairedItem: { item: 0 },
			});
			expect(items[1]?.json.Id).toBe('fine');
		});

		test('with “continue (error output)”, its error leaves by the error output', async () => {
			await playOne();
			const result = await stage.getEvents(parameters, { input, continueOnFail: 'errorOutput' });
			expect(ids(result)).toEqual(['fine']);
			expect(result.errorItems).toHaveLength(1);
		});
	});

	describe('unreadableContent', () => {
		const playBroken = async (more: IDataObject = {}) => {
			await play();
			addEvent('fine', stage.clock.now() - 3 * MINUTE);
			const gone = addEvent('gone', stage.clock.now() - 2 * MINUTE, { fault: 'NotFound' });
			return { gone, result: await stage.getEvents({ options: more }) };
		};

		test('report, the default: a hint, a warning in the log, and one last item', async () => {
			const { gone, result } = await playBroken();
			expect(ids(result)).toEqual(['fine']);
			expect(result.items.at(-1)?.json).toEqual({
				error: expect.stringContaining('AF20050'),
				contentId: gone.contentId,
				contentType: 'Audit.General',
			});
			expect(result.items.at(-1)?.pairedItem).toEqual({ item: 0 });
			expect(result.hints).toContainEqual(
				expect.objectContaining({
					message: expect.stringMatching(/^Content of Audit\.General could not be read: .*AF20050/),
				}),
			);
			expect(result.logs).toContainEqual(
				expect.objectContaining({
					level: 'warn',
					message: expect.stringContaining(gone.contentId),
				}),
			);
		});

		test('ignore: the others, and no item for it', async () => {
			const { result } = await playBroken({ unreadableContent: 'ignore' });
			expect(result.error).toBeUndefined();
			expect(result.items).toHaveLength(1);
		});

		test('fail: the run fails, naming the blob', async () => {
			const { gone, result } = await playBroken({ unreadableContent: 'fail' });
			expect(result.error?.name).toMatch(/Node(Api|Operation)Error/);
			expect(
				`${result.error?.message} ${(result.error as { description?: string }).description}`,
			).toContain(gone.contentId);
		});
	});

	test('startMissingSubscriptions starts what is missing, and says so', async () => {
		await play({
			subscriptions: { 'Audit.Exchange': 'missing', 'DLP.All': 'disabled' },
			faults: { startThrottle: 'off' },
		});
		const result = await stage.getEvents({ options: { startMissingSubscriptions: true } });
		expect(result.error).toBeUndefined();
		const started = requestsTo(stage.sim, '/subscriptions/start').map(
			({ query }) => query.contentType,
		);
		expect(started.sort()).toEqual(['Audit.Exchange', 'DLP.All']);
		expect(result.hints.map(({ message }) => message).join()).toMatch(/Audit\.Exchange/);
	});

	test('deduplicate off: every served place', async () => {
		await play();
		stage.sim.feed.addBlob({
			createdMs: stage.clock.now() - MINUTE,
			events: [{ Id: 'same' }, { Id: 'same' }],
		});
		expect(ids(await stage.getEvents())).toEqual(['same']);
		expect(ids(await stage.getEvents({ options: { deduplicate: false } }))).toEqual([
			'same',
			'same',
		]);
	});

	test('all blobs unreadable is no failure of the run, but is told', async () => {
		await play();
		addEvent('gone', stage.clock.now() - MINUTE, { fault: 'Expired' });
		const result = await stage.getEvents();
		expect(result.error).toBeUndefined();
		expect(reportsOf(result)).toHaveLength(1);
	});
});
