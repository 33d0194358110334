import fc from 'fast-check';

import { compileFilters } from '../../nodes/feed/filters';
import { createDeduplicator } from '../../nodes/feed/deduplicate';
import { parseBlob, parseJson, isRecord } from '../../nodes/feed/parseBlob';
import { hasLongInteger, holdsUnsafeInteger } from '../../nodes/feed/preciseNumbers';
import { normalizeEvent, shapeEvent, simplifyEvent } from '../../nodes/feed/shape';
import { createEventSplitter } from '../../nodes/feed/splitEvents';
import type { AuditEvent } from '../../nodes/feed/types';
import { fuzz } from './support/campaign.mts';
import { clearly } from './support/clear.mts';
import { json, text } from './support/hostile.mts';
import { cut, cuts, mutatedBody, mutatedJson } from './support/mutate.mts';
import { fetchRealAnswers, type RealAnswers } from './support/realAnswers.mts';

let real: RealAnswers;
beforeAll(async () => void (real = await fetchRealAnswers()));

const bodies = () => mutatedBody(real.blobs);
const events = () =>
	fc
		.constantFrom(...real.blobs.flatMap((blob) => JSON.parse(blob) as AuditEvent[]))
		.chain((event) => mutatedJson(event))
		.filter(isRecord);

/** What the splitter makes of a body that arrives in pieces. */
function split(bytes: Buffer, fractions: number[]) {
	const splitter = createEventSplitter();
	const texts = cut(bytes, fractions).flatMap((chunk) => {
		const copy = Buffer.from(chunk);
		const found = splitter.push(copy).map((event) => Buffer.from(event));
		// Chunks are buffers that are used again.
		copy.fill(0x20);
		return found;
	});
	return { texts, splitter };
}

/** JSON text, as far as the stack reaches. */
function textOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return 'too deep';
	}
}

describe('the body of a blob', () => {
	fuzz('becomes records, or one clear failure', 1_000, bodies, async (bytes) => {
		const parsed = await clearly(() => parseBlob(bytes.toString('utf8')));
		if (!parsed) return;
		expect(parsed.events.every(isRecord)).toBe(true);
		expect(parsed.events.length + parsed.unusable).toBeLessThanOrEqual(Math.max(1, bytes.length));
	});

	fuzz(
		'is split as JSON.parse reads it, wherever it is cut',
		1_500,
		() => fc.tuple(bodies(), cuts),
		([bytes, fractions]) => {
			const { texts, splitter } = split(bytes, fractions);
			const parsed = parseJson(bytes.toString('utf8'));
			if (parsed === undefined) return;
			const list = Array.isArray(parsed) ? parsed : [parsed];
			const isBody = Array.isArray(parsed) || isRecord(parsed);
			expect(splitter.isComplete()).toBe(isBody);
			if (!isBody) return;
			expect(texts.map((each) => textOf(parseJson(each.toString('utf8'))))).toEqual(list.filter(isRecord).map(textOf));
			expect(splitter.unusable()).toBe(list.filter((each) => !isRecord(each)).length);
			expect(splitter.isSingleObject()).toBe(!Array.isArray(parsed));
		},
	);

	fuzz(
		'gives the same events however it is cut, and none that does not stand in it as it is',
		1_500,
		() => fc.tuple(bodies(), cuts),
		([bytes, fractions]) => {
			const { texts, splitter } = split(bytes, fractions);
			const whole = split(bytes, []);
			expect(texts.map((each) => each.toString('latin1'))).toEqual(whole.texts.map((each) => each.toString('latin1')));
			expect(splitter.isComplete()).toBe(whole.splitter.isComplete());
			const body = bytes.toString('latin1');
			// Line breaks between its tokens are the one thing that may be changed, to blanks.
			const blank = body.replace(/[\r\n]/g, ' ');
			let at = 0;
			for (const each of texts) {
				const found = blank.indexOf(each.toString('latin1').replace(/[\r\n]/g, ' '), at);
				expect(found).toBeGreaterThanOrEqual(at);
				at = found + each.length;
				const original = parseJson(bytes.subarray(found, at).toString('utf8'));
				expect(textOf(parseJson(each.toString('utf8')))).toBe(textOf(original));
			}
		},
	);

	fuzz('loses digits exactly where a slow look says so', 800, bodies, (bytes) => {
		const body = bytes.toString('utf8');
		const parsed = parseJson(body);
		if (parsed === undefined) return;
		const quick = hasLongInteger(bytes) && holdsUnsafeInteger(parsed);
		// Whatever looks for long integers outside strings, one token after the other.
		const tokens = body.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs) ?? [];
		const slow = tokens.some((token) => /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)));
		// Of a key that occurs twice only the last value counts.
		const numbers: number[] = [];
		try {
			JSON.parse(body.replace(/^\uFEFF/, ''), (_, value: unknown) => void (typeof value === 'number' && numbers.push(value)));
		} catch {
			return;
		}
		const isLost = (value: number) => !Number.isSafeInteger(value) && (Number.isInteger(value) || !Number.isFinite(value));
		if (slow && numbers.some(isLost)) expect(quick).toBe(true);
		if (quick) expect(/\d{16}/.test(body)).toBe(true);
	});
});

describe('an event', () => {
	fuzz('is shaped without harm to itself, in bounded size', 1_000, events, (event) => {
		const before = JSON.stringify(event);
		for (const options of [{ simplify: true, normalize: false }, { simplify: false, normalize: true }, { simplify: false, normalize: false }]) {
			const shaped = shapeEvent(event, options);
			expect(isRecord(shaped)).toBe(true);
			expect(JSON.stringify(shaped).length).toBeLessThanOrEqual(2 * before.length + 300);
			expect(Object.getPrototypeOf(shaped)).toBe(Object.prototype);
		}
		expect(JSON.stringify(event)).toBe(before);
	});

	fuzz('that is normalized is normal', 1_000, events, (event) => {
		const once = normalizeEvent(event);
		expect(normalizeEvent(once)).toEqual(once);
		expect(Object.keys(once)).toEqual(expect.arrayContaining(Object.keys(event)));
	});

	fuzz('keeps all common fields when simplified', 1_000, events, (event) => {
		const simple = simplifyEvent(event);
		for (const field of ['Id', 'Workload', 'Operation', 'RecordType', 'UserId', 'ObjectId', 'ResultStatus']) {
			if (Object.hasOwn(event, field)) expect(simple[field]).toEqual(event[field]);
		}
		expect(Object.values(simple)).not.toContain(undefined);
	});

	fuzz(
		'passes filters or does not, and whoever looks twice sees the same',
		1_000,
		() =>
			fc.tuple(
				events(),
				fc.record(
					{
						workloads: fc.array(text, { maxLength: 3 }),
						operations: fc.array(text, { maxLength: 3 }),
						users: fc.array(fc.oneof(text, fc.string({ unit: fc.constantFrom('*', 'a', '@', '.') })), { maxLength: 3 }),
						resultStatuses: fc.array(text, { maxLength: 3 }),
						clientIps: fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('0.0.0.0/0')), { maxLength: 2 }),
						recordTypes: fc.array(fc.nat(300), { maxLength: 3 }),
					},
					{ requiredKeys: [] },
				),
			),
		([event, filters]) => {
			const matches = compileFilters(filters);
			if (!matches) return;
			const result = matches(event);
			expect(typeof result).toBe('boolean');
			expect(matches(event)).toBe(result);
		},
	);

	fuzz('without an Id always passes the de-duplication, with one once', 500, () => fc.array(fc.record({ Id: json }), { maxLength: 20 }), (list) => {
		const isNew = createDeduplicator();
		const seen = new Set<unknown>();
		for (const event of list) {
			const hasId = typeof event.Id === 'string' && event.Id !== '';
			expect(isNew(event)).toBe(!hasId || !seen.has(event.Id));
			if (hasId) seen.add(event.Id);
		}
	});
});
