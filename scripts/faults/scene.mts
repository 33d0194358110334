import type { SimulatorOptions } from '../../simulator/types.mts';
import { createStage } from '../../test/engine/support/stage.mts';
import type { Cell, Scene } from './types.mts';

/** The content types of the matrix: two, so that one can go on while the other has a fault. */
export const CONTENT_TYPES = ['Audit.General', 'Audit.Exchange'] as const;

/** Small pages, so that a listing has several; all content within the last 20 hours. */
const TENANT = {
	blobs: 12,
	eventsPerBlob: 2,
	days: 0.8,
	contentTypes: CONTENT_TYPES,
} satisfies SimulatorOptions;
const PAGE_SIZE = 2;

/** Real milliseconds: a body that stalls is given up after the first, where none is to stall after the second. */
const STALL_MS = 300;
const NEVER_STALLS_MS = 60_000;

/** Every cell has a tenant of its own, because the product remembers some things by tenant. */
const tenantIdOf = (index: number) =>
	`${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;

export async function createScene({ fault, subject }: Cell, index: number): Promise<Scene> {
	const given = { ...subject.options, ...fault.options };
	const stage = await createStage({
		...TENANT,
		tenantId: tenantIdOf(index),
		stallMs: fault.stalls ? STALL_MS : NEVER_STALLS_MS,
		...given,
		faults: { pageSize: PAGE_SIZE, ...given.faults },
	});
	const network = await stage.engine.network(stage.clock);
	stage.engine.load<{ forgetAll: () => void }>('dist/nodes/trigger/registry.js').forgetAll();
	const blobs = [...stage.sim.feed.blobs].sort((a, b) => a.createdMs - b.createdMs);
	const at = (place: number) => blobs.at(place) as Scene['lastBlob'];
	return { stage, network, blobs, middleBlob: at(Math.floor(blobs.length / 2)), lastBlob: at(-1) };
}

export async function closeScene({ stage, network }: Scene): Promise<void> {
	await network.close();
	await stage.close();
}
