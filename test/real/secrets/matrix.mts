import { FAULTS } from '../../../scripts/faults/faults/index.mts';
import { NETWORK_NAMES } from '../../../scripts/faults/faults/request.mts';
import { momentNamed } from '../../../scripts/faults/moments.mts';
import type { Fault, MomentName, Scene, Strike } from '../../../scripts/faults/types.mts';
import type { Simulator } from '../../../simulator/types.mts';
import type { Scenario } from './scenarios.mts';

/** Where a fault of requests strikes: the rows take them in turn. */
const MOMENTS: readonly MomentName[] = ['token call', 'listing', 'blob n'];

/** What takes minutes of real time, or is made between n8n and the network, where a real n8n lets nobody in. */
const networkNames: readonly string[] = Object.values(NETWORK_NAMES);
const isLeftOut = ({ name, hangs, stalls, isLong }: Fault): boolean =>
	Boolean(hangs ?? stalls ?? isLong) ||
	networkNames.includes(name) ||
	/of a year|quota of|5xx|huge string/.test(name);

/** Waits that a server asks for are real here: once is enough. */
const isSlow = ({ name }: Fault): boolean => /429|throttled/.test(name);

const momentOf = ({ target }: Fault, place: number): MomentName => {
	if (target === 'token') return 'token call';
	if (target === 'blob') return 'blob n';
	return MOMENTS[place % MOMENTS.length] as MomentName;
};

function strike(fault: Fault, place: number, stage: Pick<Scene['stage'], 'sim'>): () => number {
	const blobs = [...stage.sim.feed.blobs].sort((a, b) => a.createdMs - b.createdMs);
	const at = (index: number) => blobs.at(index) as Scene['lastBlob'];
	const scene = { stage, blobs, middleBlob: at(Math.floor(blobs.length / 2)), lastBlob: at(-1) } as unknown as Scene;
	const moment = momentNamed(momentOf(fault, place));
	const lasts = !isSlow(fault) && (fault.durations ?? ['lasting']).includes('lasting');
	const requests = moment.requests?.(scene);
	const blob = moment.blob?.(scene);
	const wanted: Strike = {
		duration: lasts ? 'lasting' : 'once',
		...(requests && fault.target !== 'tenant' ? { requests } : {}),
		...(blob ? { blob } : {}),
	};
	const begun = fault.begin?.(scene, wanted);
	return () => begun?.hits?.() ?? 1;
}

/** A run under each fault of the matrix. What it must show is the matrix's affair; here it must only have taken place. */
export const MATRIX: Scenario[] = FAULTS.filter((fault) => !isLeftOut(fault)).map((fault, place) => ({
	name: `the matrix: ${fault.name}`,
	...(fault.options ? { tenant: fault.options } : {}),
	arrange: (sim: Simulator) => strike(fault, place, { sim }),
	shows: /./,
}));
