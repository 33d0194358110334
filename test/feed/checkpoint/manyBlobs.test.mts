import { freshBlobs } from '../../../nodes/feed/checkpoint/nextWork';
import { recordListing } from '../../../nodes/feed/checkpoint/recordListing';
import { createCheckpoint, selectTypes } from '../../../nodes/feed/checkpoint/state';

const NOW = Date.parse('2026-03-02T10:00:00Z');

describe('the blobs that may be read next', () => {
	it('may be as many as the largest tenant has in a day', () => {
		const state = createCheckpoint(NOW - 1);
		selectTypes(state, ['Audit.Exchange'], NOW - 1, NOW);
		const type = state.types.get('Audit.Exchange')!;
		const blobs = Array.from({ length: 300_000 }, (_, index) => ({
			contentType: 'Audit.Exchange' as const,
			contentId: `id${index}`,
			contentCreated: '',
			createdMs: NOW,
		}));
		recordListing(state, type, { window: { startMs: NOW - 1, endMs: NOW }, listedMs: NOW, blobs }, 0);
		expect(freshBlobs(state, NOW)).toHaveLength(300_000);
	});
});
