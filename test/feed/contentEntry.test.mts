import fc from 'fast-check';

import { compareBlobs, isContentId, parseContentEntry } from '../../nodes/feed/contentEntry';
import type { ContentBlob } from '../../nodes/feed/types';

const ID = '20200705152230936019353$20200705152411486034089$audit_exchange$Audit_Exchange$emea0036';
const FALLBACK = Date.UTC(2026, 2, 1);

const entry = (change: object) => ({
	contentType: 'Audit.Exchange',
	contentId: ID,
	contentUri: `https://manage.office.com/api/v1.0/x/activity/feed/audit/${ID}`,
	contentCreated: '2026-03-02T10:00:00.123Z',
	contentExpiration: '2026-03-22T10:00:00.123Z',
	...change,
});
const parse = (change: object) => parseContentEntry(entry(change), 'Audit.Exchange', FALLBACK);

describe('an entry of a content listing', () => {
	it('keeps Microsoft’s texts and adds the times in milliseconds', () => {
		expect(parse({})).toEqual({
			contentType: 'Audit.Exchange',
			contentId: ID,
			contentCreated: '2026-03-02T10:00:00.123Z',
			createdMs: Date.UTC(2026, 2, 2, 10, 0, 0, 123),
			contentExpiration: '2026-03-22T10:00:00.123Z',
			expiresMs: Date.UTC(2026, 2, 22, 10, 0, 0, 123),
		});
	});

	it('never gets a contentExpiration that Microsoft did not send', () => {
		for (const contentExpiration of [undefined, null, '', 'never', 7]) {
			expect(Object.keys(parse({ contentExpiration })!)).toEqual([
				'contentType',
				'contentId',
				'contentCreated',
				'createdMs',
			]);
		}
	});

	it('is kept when its contentCreated cannot be read, because dropping it would lose events', () => {
		for (const contentCreated of [undefined, null, '', 'soon', {}]) {
			expect(parse({ contentCreated })).toMatchObject({
				contentId: ID,
				contentCreated: '2026-03-01T00:00:00.000Z',
				createdMs: FALLBACK,
				undated: true,
			});
		}
	});

	it('has a contentId of 2,000 characters at most', () => {
		expect(isContentId('x'.repeat(2_000))).toBe(true);
		expect(isContentId('x'.repeat(2_001))).toBe(false);
	});

	it('counts as the content type that was asked for, whatever the entry says', () => {
		expect(parse({ contentType: 'Audit.Evil' })?.contentType).toBe('Audit.Exchange');
	});

	it.each([undefined, null, 7, 'text', [], [entry({})]])('that is %p is unusable', (value) => {
		expect(parseContentEntry(value, 'Audit.Exchange', FALLBACK)).toBeUndefined();
	});

	it.each([
		['missing', undefined],
		['null', null],
		['a number', 20200705],
		['an object', { toString: () => ID }],
		['empty', ''],
		['a parent folder', '..'],
		['this folder', '.'],
		['dots only', '.....'],
		['with a blank', 'a b'],
		['with a line break', 'a\r\nHost: evil.example'],
		['with a line break at its end', 'a\n'],
		['with NUL', 'a\0b'],
		['with DEL', 'a\x7f'],
		['with a lone surrogate', 'a\ud800'],
		['not ASCII', 'é'],
		['longer than any URL', 'a'.repeat(2_001)],
	])('has no usable contentId when it is %s', (_, contentId) => {
		expect(isContentId(contentId)).toBe(false);
		expect(parse({ contentId })).toBeUndefined();
	});

	it('has a usable contentId when it is printable ASCII, as strange as it may be', () => {
		fc.assert(
			fc.property(
				fc
					.string({
						unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
						minLength: 1,
					})
					.filter((text) => /[^.]/.test(text)),
				(contentId) => {
					expect(parse({ contentId })?.contentId).toBe(contentId);
				},
			),
			{ seed: 5 },
		);
	});
});

describe('the order of blobs', () => {
	it('is contentCreated, then contentId by code unit, whatever order they came in', () => {
		const blobs = fc.uniqueArray(
			fc.record({
				contentType: fc.constant('Audit.Exchange' as const),
				contentId: fc.string({ minLength: 1, maxLength: 2 }),
				contentCreated: fc.constant(''),
				createdMs: fc.integer({ min: 0, max: 3 }),
			}),
			{ selector: ({ contentId }) => contentId },
		);
		fc.assert(
			fc.property(blobs, fc.infiniteStream(fc.nat()), (list: ContentBlob[], chance) => {
				const sorted = [...list].sort(compareBlobs);
				const shuffled = list
					.map((blob) => ({ blob, key: chance.next().value as number }))
					.sort((a, b) => a.key - b.key)
					.map(({ blob }) => blob);
				expect(shuffled.sort(compareBlobs)).toEqual(sorted);
				for (const [index, blob] of sorted.slice(1).entries()) {
					const before = sorted[index]!;
					expect(
						before.createdMs < blob.createdMs ||
							(before.createdMs === blob.createdMs && before.contentId < blob.contentId),
					).toBe(true);
				}
			}),
			{ seed: 6 },
		);
	});

	it('does not depend on the language of the machine: Z before a', () => {
		const blob = (contentId: string) => ({ contentId, createdMs: 0 }) as ContentBlob;
		expect(compareBlobs(blob('Z'), blob('a'))).toBe(-1);
		expect(compareBlobs(blob('a'), blob('a'))).toBe(0);
	});
});
