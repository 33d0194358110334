import type { IPollFunctions } from 'n8n-workflow';

import { createCheckpoint } from '../../nodes/feed/checkpoint/state';
import { newSession, resumeSession } from '../../nodes/trigger/collector/session';
import { openStore } from '../../nodes/trigger/staticData';

const NOW = Date.parse('2026-03-02T10:00:00Z');

describe('static data that somebody has changed', () => {
	/** What the trigger begins with when n8n holds this copy of its watermarks and no checkpoint. */
	function beginWith(copy: unknown) {
		const data = { node: {}, global: { 'office365ManagementTrigger:id': copy } };
		const node = {
			getNode: () => ({ id: 'id', name: 'Trigger' }),
			getWorkflowStaticData: (kind: 'node' | 'global') => data[kind],
		};
		return openStore(node as unknown as IPollFunctions).load(undefined, NOW).session.state;
	}

	it('gives back the watermarks of a copy', () => {
		const copy = { sequence: 7, nodeName: 'Trigger', types: { 'DLP.All': { startMs: NOW - 9, listedUpToMs: NOW - 5 } } };
		const { sequence, types } = beginWith(copy);
		expect([sequence, types.get('DLP.All')]).toEqual([7, expect.objectContaining({ startMs: NOW - 9, finalMs: NOW - 5 })]);
	});

	it('gives back none that are no dates, which would stop every later poll', () => {
		for (const time of [1e300, '2026', null, {}]) {
			expect(beginWith({ sequence: 1, types: { 'DLP.All': { startMs: NOW, listedUpToMs: time } } }).types.size).toBe(0);
		}
	});

	it('gives back no sequence that cannot grow, which no newer copy could ever exceed', () => {
		for (const sequence of [1e300, -1, 'x', { toString: 1 }]) expect(beginWith({ sequence, types: {} }).sequence).toBe(0);
	});

	it('does not stop a trigger that remembers where it was', () => {
		const memory = newSession(createCheckpoint(NOW));
		for (const sequence of [{ toString: 1 }, '9', null]) expect(resumeSession(memory, { sequence }, NOW)).toBe(memory);
	});
});
