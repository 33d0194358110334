import { createBodies, eventText } from '../../bench/load/blobBody.mts';
import { createDeliveryChecker } from '../../bench/load/checkDelivery.mts';
import { makeTemplates } from '../../bench/load/templates.mts';
import { loadOf } from '../../bench/load/types.mts';
import { judge } from '../../bench/run/judge.mts';

type Item = Record<string, unknown>;

const templates = makeTemplates();
/** More events than templates: bodies go round. */
const load = loadOf(3, 300);
const body = createBodies(templates);

function textOf(blob: number): string {
	return Buffer.concat([...body(blob, load.eventsPerBlob).chunks()]).toString();
}

const eventsOf = (blob: number) => JSON.parse(textOf(blob)) as Item[];
const all = () => [0, 1, 2].flatMap(eventsOf);

function checked(events: Item[], form: 'record' | 'simplified' = 'record') {
	const checker = createDeliveryChecker(load, templates);
	for (const event of events) checker[form](event);
	return checker.result();
}

const SERVED = { servedPerBlob: [300, 300, 300] };

describe('a body of the benchmark', () => {
	it.each([0, 1, 2, 255, 256, 257, 1000])('of %d events is as long as it says', (events) => {
		const made = body(5, events);
		const text = Buffer.concat([...made.chunks()]);
		expect(text.length).toBe(made.bytes);
		expect(JSON.parse(text.toString())).toHaveLength(events);
	});

	it('gives each event an Id of its own', () => {
		expect(new Set(all().map(({ Id }) => Id)).size).toBe(900);
	});
});

describe('what was delivered', () => {
	it('is accepted when each event came once, in any order, with or without its origin', () => {
		const events = all().reverse();
		const result = checked(events.map((event, at) => (at % 2 ? { ...event, _content: {} } : event)));
		expect(result).toEqual({ perBlob: [300, 300, 300], events: 900, problems: [] });
		expect(() => judge('it', result, SERVED, load)).not.toThrow();
	});

	it('is refused when an event is missing', () => {
		const result = checked(all().slice(0, -1));
		expect(result.problems).toEqual([expect.stringMatching(/00000002.*12b was not delivered/)]);
		expect(() => judge('it', result, SERVED, load)).toThrow(/it: .* was not delivered/);
	});

	it('is refused when an event came twice', () => {
		const [first = {}] = all();
		expect(checked([...all(), first]).problems).toEqual([expect.stringContaining('2 times')]);
	});

	it('is refused when an event differs in one member', () => {
		const [first = {}, ...others] = all();
		const result = checked([{ ...first, Operation: 'Mallory' }, ...others]);
		expect(result.problems).toEqual([expect.stringContaining('Mallory')]);
	});

	it('is refused when an event was never served', () => {
		const foreign = { ...all()[0], Id: '00000009-0000-4000-a000-000000000000' };
		expect(checked([...all(), foreign]).problems).toEqual([
			expect.stringContaining('is no event of the tenant'),
		]);
	});

	it('is refused when an item of the compact view differs', () => {
		const [first = {}, ...others] = all();
		expect(checked(all(), 'simplified').problems).toEqual([]);
		expect(checked([{ ...first, Operation: 'Other' }, ...others], 'simplified').problems).toEqual([
			expect.stringContaining('changed in Operation'),
		]);
	});

	it('is refused when a line of a file differs by one byte', () => {
		const positions = Array.from({ length: load.eventsPerBlob }, (_, position) => position);
		const lines = [0, 1, 2].flatMap((blob) =>
			positions.map((position) => eventText({ blob, position }, templates)),
		);
		const look = (texts: string[]) => {
			const checker = createDeliveryChecker(load, templates);
			for (const text of texts) checker.line(text);
			return checker.result().problems;
		};
		expect(look(lines)).toEqual([]);
		const [first = '', ...others] = lines;
		expect(look([first.replace(/\}$/, ' }'), ...others])).toEqual([
			expect.stringContaining('was changed'),
		]);
	});

	it('is refused when the tenant was not asked for everything', () => {
		const result = { perBlob: [300, 300, 0], events: 600, problems: [] };
		const served = { servedPerBlob: [300, 300, 0] };
		expect(() => judge('it', result, served, load)).toThrow('holds 900 events and was asked for 600');
	});

	it('is refused when the ledger counts otherwise', () => {
		const result = { perBlob: [300, 299, 300], events: 899, problems: [] };
		expect(() => judge('it', result, SERVED, load)).toThrow(
			'900 events were served, 899 delivered; blob 1: 300 served, 299 delivered',
		);
	});
});
