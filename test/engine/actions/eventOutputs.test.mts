import { gunzipSync } from 'node:zlib';

import type { IDataObject } from 'n8n-workflow';

import {
	createEmptyStage,
	createStage,
	eventsOf,
	jsonOf,
	MINUTE,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

const RECORD = {
	Id: 'one',
	CreationTime: '2026-02-07T16:43:53',
	Workload: 'Exchange',
	Operation: 'New-InboxRule',
	RecordType: 1,
	UserId: 'ana@contoso.com',
	UserType: 2,
	ClientIP: '1.2.3.4:443',
	ObjectId: 'rule',
	ResultStatus: 'True',
	Parameters: [
		{ Name: 'MoveToFolder', Value: 'RSS' },
		{ Name: 'Name', Value: '.' },
	],
	ExtendedProperties: [],
	Version: 1,
};

describe('Audit Event > Get Many: outputs', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (events: unknown[] = [RECORD], options?: StageOptions) => {
		stage = await createEmptyStage(options);
		return stage.sim.feed.addBlob({ createdMs: stage.clock.now() - MINUTE, events });
	};
	const files = async (result: Awaited<ReturnType<Stage['getEvents']>>) =>
		await Promise.all(result.items.map(async (item) => await stage.engine.readBinary(item)));

	describe('events', () => {
		test('simplify is the default, and gives the common fields only', async () => {
			const blob = await play();
			const result = await stage.run({
				resource: 'event',
				operation: 'getAll',
				contentTypes: ['Audit.General'],
			});
			expect(jsonOf(result)).toEqual([
				{
					Id: 'one',
					CreationTime: '2026-02-07T16:43:53.000Z',
					Workload: 'Exchange',
					Operation: 'New-InboxRule',
					RecordType: 1,
					RecordTypeName: 'ExchangeAdmin',
					UserId: 'ana@contoso.com',
					UserTypeName: 'Admin',
					ClientIP: '1.2.3.4',
					ObjectId: 'rule',
					ResultStatus: 'True',
					_content: {
						contentType: 'Audit.General',
						contentId: blob.contentId,
						contentCreated: blob.contentCreated,
						contentExpiration: blob.contentExpiration,
					},
				},
			]);
		});

		test('with simplify off: Microsoft’s record untouched, plus _content', async () => {
			await play();
			const [{ _content, ...record } = {}] = eventsOf(await stage.getEvents());
			expect(record).toEqual(RECORD);
			expect(_content).toBeDefined();
		});

		test('normalize keeps the whole record and makes it easier to work with', async () => {
			await play();
			const [{ _content, ...record } = {}] = eventsOf(
				await stage.getEvents({ options: { normalize: true } }),
			);
			expect(record).toEqual({
				...RECORD,
				CreationTime: '2026-02-07T16:43:53.000Z',
				RecordTypeName: 'ExchangeAdmin',
				UserTypeName: 'Admin',
				Parameters: { MoveToFolder: 'RSS', Name: '.' },
				ExtendedProperties: {},
			});
		});

		test('a hint says so when integers beyond 2^53 lose digits', async () => {
			await play(['{"Id":"big","Size":12345678901234567890}']);
			const result = await stage.getEvents();
			expect(result.hints.map(({ message }) => message).join()).toMatch(/digits|precision|2\^53/i);
		});
	});

	test('content: one item per blob, with its events inside', async () => {
		const blob = await play([RECORD, { ...RECORD, Id: 'two' }]);
		const result = await stage.getEvents({ output: 'content' });
		const [content] = jsonOf(result);
		expect(result.items).toHaveLength(1);
		expect(content).toMatchObject({
			contentType: 'Audit.General',
			contentId: blob.contentId,
			contentCreated: blob.contentCreated,
			contentExpiration: blob.contentExpiration,
		});
		expect((content?.events as IDataObject[]).map(({ Id }) => Id)).toEqual(['one', 'two']);
	});

	describe('file', () => {
		test.each(['default', 'filesystem'] as const)(
			'NDJSON with one event a line, in the order of the items (%s mode)',
			async (binaryDataMode) => {
				stage = await createStage({ blobs: 30, engine: { binaryDataMode } });
				const expected = eventsOf(await stage.getEvents()).map(({ Id }) => Id);
				const result = await stage.getEvents({ output: 'file' });
				expect(result.error).toBeUndefined();
				const [file] = await files(result);
				const lines = file!.toString().split('\n');
				expect(lines.pop()).toBe('');
				const parsed = lines.map((line) => JSON.parse(line) as { Id: string });
				expect(parsed.map(({ Id }) => Id)).toEqual(expected);
				expect(result.items[0]?.binary?.data).toMatchObject({
					fileName: expect.stringMatching(/\.(ndjson|jsonl)$/),
				});
			},
		);

		test('an event’s original bytes: numbers, escapes and the order of keys stay', async () => {
			const original =
				'{"Size":12345678901234567890,"b":1.0,"Id":"o","t":"\\u00fc ü","a":2,"B":"x"}';
			await play([original]);
			const [file] = await files(await stage.getEvents({ output: 'file' }));
			expect(file!.toString()).toBe(`${original}\n`);
		});

		test('compress', async () => {
			await play();
			const result = await stage.getEvents({ output: 'file', options: { compress: true } });
			expect(result.items[0]?.binary?.data?.fileName).toMatch(/\.gz$/);
			const [file] = await files(result);
			expect(JSON.parse(gunzipSync(file!).toString())).toEqual(RECORD);
		});

		test('maxFileSizeMb: a file ends with the event that reaches it, and nothing is lost', async () => {
			const filler = 'x'.repeat(100_000);
			const events = Array.from({ length: 40 }, (_, n) => ({ Id: `event ${n}`, filler }));
			await play(events);
			const result = await stage.getEvents({ output: 'file', options: { maxFileSizeMb: 1 } });
			const written = await files(result);
			expect(written.length).toBeGreaterThanOrEqual(4);
			const longest = Math.max(...written.map(({ length }) => length));
			expect(longest - filler.length).toBeLessThanOrEqual(1024 * 1024 + 100);
			const lines = Buffer.concat(written).toString().trimEnd().split('\n');
			expect(lines.map((line) => (JSON.parse(line) as IDataObject).Id)).toEqual(
				events.map(({ Id }) => Id),
			);
		});

		test('a limit keeps the newest events, and the file is oldest first all the same', async () => {
			await play([{ ...RECORD, Id: 'old' }]);
			const now = stage.clock.now();
			const add = (minutes: number, ...ids: string[]) =>
				stage.sim.feed.addBlob({
					contentType: 'Audit.General',
					createdMs: now - minutes * MINUTE,
					events: ids.map((Id) => ({ ...RECORD, Id })),
				});
			add(0.6, 'b1', 'b2', 'b3');
			add(0.3, 'c1', 'c2');
			const idsWith = async (limit: number) => {
				const [file] = await files(await stage.getEvents({ output: 'file', returnAll: false, limit }));
				return file!.toString().trimEnd().split('\n').map((line) => (JSON.parse(line) as IDataObject).Id);
			};
			expect(await idsWith(2)).toEqual(['c1', 'c2']);
			expect(await idsWith(4)).toEqual(['b1', 'b2', 'c1', 'c2']);
			expect(await idsWith(50)).toEqual(['old', 'b1', 'b2', 'b3', 'c1', 'c2']);
		});

		test('filters and de-duplication apply to files as well', async () => {
			await play([RECORD, RECORD, { ...RECORD, Id: 'two', Operation: 'Other' }]);
			const [file] = await files(
				await stage.getEvents({ output: 'file', filters: { operations: 'New-*' } }),
			);
			expect(file!.toString().trimEnd().split('\n')).toHaveLength(1);
		});

		test('a blob that cannot be read is reported beside the file', async () => {
			await play();
			const gone = stage.sim.feed.addBlob({
				createdMs: stage.clock.now() - 2 * MINUTE,
				fault: 'NotFound',
			});
			const result = await stage.getEvents({ output: 'file' });
			expect(result.items).toHaveLength(2);
			expect(result.items[1]?.json).toMatchObject({
				error: expect.any(String),
				contentId: gone.contentId,
			});
		});
	});
});
