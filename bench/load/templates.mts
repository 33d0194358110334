import { createChance } from '../../simulator/random.mts';
import { createEventGenerator } from '../../simulator/events/generateEvent.mts';
import { NO_FAULTS } from '../../simulator/faults.mts';
import { AUDIT_TYPES } from './types.mts';

const COUNT = 256;

/**
 * Audit records without their `Id`, as JSON texts: the simulated tenant's own mix of workloads and sizes. Blobs repeat
 * them under new Ids, because generating gigabytes of records takes longer than measuring.
 */
export function makeTemplates(): string[] {
	const tenantId = '11111111-1111-4111-a111-111111111111';
	const generate = createEventGenerator(tenantId, createChance(7), {
		...NO_FAULTS,
		awkwardEvents: 0,
	});
	return Array.from({ length: COUNT }, (_, i) => {
		const contentType = AUDIT_TYPES[i % AUDIT_TYPES.length] ?? 'Audit.General';
		const text = generate({
			contentType,
			blobIndex: i,
			position: i,
			createdMs: Date.parse('2026-03-10T12:00:00Z'),
		});
		const { Id: _id, ...rest } = JSON.parse(text) as Record<string, unknown>;
		return JSON.stringify(rest);
	});
}

/** Mean size of an event with its `Id` and the comma behind it, in bytes. */
export function meanEventBytes(templates: readonly string[]): number {
	const total = templates.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
	return total / templates.length + ID_MEMBER_BYTES;
}

/** `"Id":"…",` and the comma behind the event. */
const ID_MEMBER_BYTES = 45;
