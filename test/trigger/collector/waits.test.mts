import { recordFailure } from '../../../nodes/feed/checkpoint/backOff';
import { recordRead, recordUnread } from '../../../nodes/feed/checkpoint/readOutcome';
import { createCheckpoint, createTypeState, NO_BACK_OFF, type OpenBlob } from '../../../nodes/feed/checkpoint/state';
import { FeedFailure } from '../../../nodes/feed/failure';
import { MINUTE } from './units.mts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

function openBlob(contentId: string): OpenBlob {
	const contentCreated = new Date(NOW).toISOString();
	return {
		blob: { contentType: 'Audit.Exchange', contentId, contentCreated, createdMs: NOW },
		ranges: [{ from: 0, to: null }],
		reading: { ...NO_BACK_OFF },
		listedMs: NOW,
		touched: false,
	};
}

describe('a wait that Microsoft asked for', () => {
	it('is not shortened by another failure that names none', () => {
		const backOff = { ...NO_BACK_OFF };
		recordFailure(backOff, NOW, 15 * MINUTE, 20 * MINUTE);
		recordFailure(backOff, NOW + 1, 15 * MINUTE);
		expect(backOff.notBeforeMs).toBe(NOW + 20 * MINUTE);
	});

	it('is not ended by a download that had begun before', () => {
		const state = createCheckpoint(NOW);
		const type = createTypeState('Audit.Exchange', NOW, NOW);
		const retryAfterMs = 20 * MINUTE;
		const throttled = new FeedFailure({ kind: 'throttled', message: 'throttled', retryAfterMs });
		recordUnread(state, type, openBlob('a'), throttled, NOW);
		recordRead(state, type, openBlob('b'), NOW + 1);
		expect(type.reading.notBeforeMs).toBe(NOW + retryAfterMs);
		recordRead(state, type, openBlob('c'), NOW + retryAfterMs);
		expect(type.reading).toEqual(NO_BACK_OFF);
	});
});
