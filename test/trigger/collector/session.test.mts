import { encodeCheckpoint } from '../../../nodes/feed/checkpoint/encodeCheckpoint';
import { createCheckpoint } from '../../../nodes/feed/checkpoint/state';
import { newSession, resumeSession } from '../../../nodes/trigger/collector/session';

const NOW = Date.parse('2026-03-02T10:00:00Z');

function numbered(sequence: number) {
	return { ...createCheckpoint(NOW), sequence };
}

describe('of the checkpoint in memory and the one in the database', () => {
	it.each([
		['the one in memory wins if it is newer', 4, 'memory'],
		['the one in memory wins if they are the same: it knows the runs that are under way', 5, 'memory'],
		['the one in the database wins if it is newer: another process was at work', 6, 'database'],
	])('%s', (_, storedSequence, winner) => {
		const memory = newSession(numbered(5));
		const stored = encodeCheckpoint(numbered(storedSequence), NOW);
		const resumed = resumeSession(memory, stored, NOW);
		if ('problem' in resumed) throw new Error(resumed.problem);
		expect(resumed === memory).toBe(winner === 'memory');
		expect(resumed.state.sequence).toBe(winner === 'memory' ? 5 : storedSequence);
	});
});
