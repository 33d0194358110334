import { describe, expect, test } from '@jest/globals';
import { createVirtualClock } from '../../simulator/clock.mts';
import type { FeedBlob } from '../../simulator/index.mts';
import { createLedger } from '../../simulator/ledger.mts';

const blob = (contentId: string, expiresMs = 1000) =>
	({ contentId, contentType: 'Audit.General', expiresMs }) as FeedBlob;
const A = { Id: 'a', Operation: 'One' };
const B = { Id: 'b', Operation: 'Two' };

function served(...blobs: Array<[string, unknown[]]>) {
	const clock = createVirtualClock(0);
	const ledger = createLedger(clock);
	for (const [contentId, events] of blobs) {
		ledger.recordListed(blob(contentId));
		ledger.recordFetched(blob(contentId), events);
	}
	return { ledger, clock };
}

describe('ledger', () => {
	test('everything served and delivered once is in order', () => {
		const { ledger } = served(['x', [A, B]]);
		ledger.recordDelivered([A]);
		ledger.recordDelivered([B]);
		expect(ledger.verdict()).toMatchObject({
			ok: true,
			eventsServed: 2,
			deliveredOnce: 2,
			lost: [],
			repeated: [],
		});
	});

	test('never delivered is lost', () => {
		const { ledger } = served(['x', [A, B]]);
		ledger.recordDelivered([A]);
		expect(ledger.verdict()).toMatchObject({
			ok: false,
			deliveredOnce: 1,
			lost: [{ id: 'b', contentId: 'x', due: 1, delivered: 0 }],
		});
	});

	test('delivered twice is repeated', () => {
		const { ledger } = served(['x', [A]]);
		ledger.recordDelivered([A, A]);
		expect(ledger.verdict()).toMatchObject({ ok: false, repeated: [{ id: 'a', delivered: 2 }] });
	});

	test('an Id served in two blobs is due once, or twice for a client that keeps duplicates', () => {
		const { ledger } = served(['x', [A]], ['y', [{ Operation: 'One', Id: 'a' }]]);
		ledger.recordDelivered([A]);
		expect(ledger.verdict().ok).toBe(true);
		expect(ledger.verdict({ deduplicate: false })).toMatchObject({
			ok: false,
			lost: [{ id: 'a', due: 2, delivered: 1 }],
		});
		ledger.recordDelivered([A]);
		expect(ledger.verdict().repeated).toHaveLength(1);
		expect(ledger.verdict({ deduplicate: false }).ok).toBe(true);
	});

	test('a blob fetched again makes its events due no more often', () => {
		const { ledger } = served(['x', [A]], ['x', [A]]);
		ledger.recordDelivered([A]);
		expect(ledger.verdict({ deduplicate: false }).ok).toBe(true);
		expect(ledger.blobs.get('x')).toMatchObject({ listed: 2, fetched: 2 });
	});

	test('an event without Id is due in every place, whatever the order of its keys; _content is ignored', () => {
		const { ledger } = served(
			['x', [{ p: 1, q: { r: 2, s: 3 } }]],
			['y', [{ q: { s: 3, r: 2 }, p: 1 }]],
		);
		ledger.recordDelivered([{ q: { r: 2, s: 3 }, p: 1, _content: { contentId: 'x' } }]);
		expect(ledger.verdict()).toMatchObject({ eventsServed: 1, lost: [{ due: 2, delivered: 1 }] });
		ledger.recordDelivered([{ p: 1, q: { s: 3, r: 2 }, _content: { contentId: 'y' } }]);
		expect(ledger.verdict().ok).toBe(true);
	});

	test('what was delivered but never served is told', () => {
		const { ledger } = served();
		ledger.recordDelivered([A]);
		expect(ledger.verdict()).toMatchObject({ ok: false, unknown: [JSON.stringify(A)] });
	});

	test('a blob that never came whole is unreadable and has to be reported exactly once', () => {
		const { ledger } = served();
		ledger.recordListed(blob('x'));
		ledger.recordFailed(blob('x'));
		expect(ledger.verdict()).toMatchObject({
			ok: true,
			unreadableBlobs: ['x'],
			misreportedBlobs: ['x'],
		});
		ledger.recordDelivered([{ error: 'gone', contentId: 'x', contentType: 'Audit.General' }]);
		expect(ledger.verdict().misreportedBlobs).toEqual([]);
		ledger.recordDelivered([{ error: 'gone', contentId: 'x', contentType: 'Audit.General' }]);
		expect(ledger.verdict().misreportedBlobs).toEqual(['x']);
	});

	test('a readable blob that was reported is misreported', () => {
		const { ledger } = served(['x', []]);
		ledger.recordDelivered([{ error: 'gone', contentId: 'x' }]);
		expect(ledger.verdict().misreportedBlobs).toEqual(['x']);
	});

	test('a listed blob has to be fetched unless it has expired', () => {
		const { ledger, clock } = served();
		ledger.recordListed(blob('x', 1000));
		expect(ledger.verdict()).toMatchObject({ ok: false, unfetchedBlobs: ['x'] });
		clock.advance(1000);
		expect(ledger.verdict()).toMatchObject({ ok: true, unfetchedBlobs: [] });
	});

	test('a failed fetch that succeeds later is no unreadable blob', () => {
		const { ledger } = served();
		ledger.recordListed(blob('x'));
		ledger.recordFailed(blob('x'));
		ledger.recordFetched(blob('x'), []);
		expect(ledger.verdict()).toMatchObject({ ok: true, unreadableBlobs: [] });
		expect(ledger.blobs.get('x')).toMatchObject({ fetched: 1, failed: 1 });
	});

	test('a broken rule or a token at a foreign host spoils the verdict', () => {
		const one = served().ledger;
		one.recordViolation('timeRange', 'more than 24 h', 0);
		expect(one.verdict()).toMatchObject({ ok: false, violations: [{ rule: 'timeRange' }] });
		const two = served().ledger;
		two.count('foreignRequestsWithToken');
		expect(two.verdict()).toMatchObject({ ok: false, foreignRequestsWithToken: 1 });
	});

	test('the peaks are those of any second and any minute', () => {
		const { ledger } = served();
		for (const at of [0, 100, 900, 1000, 1050, 30_000, 60_900, 61_000]) ledger.recordRequest(at);
		expect(ledger).toMatchObject({
			requests: 8,
			peakRequestsPerSecond: 4,
			peakRequestsPerMinute: 6,
		});
	});

	test('the summary says it for people', () => {
		const { ledger } = served(['x', [A, B]]);
		ledger.recordDelivered([A, A]);
		const text = ledger.summary();
		expect(text).toContain('Ledger: NOT OK');
		expect(text).toMatch(/blobs fetched\s+never 0, once 1, repeatedly 0/);
		expect(text).toMatch(/once 0, lost 1, repeated 1, never served 0/);
	});

	test('what was delivered can be forgotten, for the next client', () => {
		const { ledger } = served(['x', [A]]);
		ledger.recordDelivered([A, B]);
		ledger.forgetDelivered();
		ledger.recordDelivered([A]);
		expect(ledger.verdict().ok).toBe(true);
	});
});
