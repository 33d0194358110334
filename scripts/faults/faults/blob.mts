import { BLOB_FAULTS, isGone, isShape, type BlobFault } from '../../../simulator/blobFaults.mts';
import type { Fault } from '../types.mts';

/** `InternalError` -> `internal error` */
const words = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

function durations(fault: BlobFault): Fault['durations'] {
	if (isShape(fault)) return ['once'];
	return isGone(fault) ? ['lasting'] : ['once', 'lasting'];
}

/** Everything that can be wrong with one blob, by the simulator's names. */
export const BLOB_ROWS: readonly Fault[] = BLOB_FAULTS.map((fault) => ({
	name: `blob: ${words(fault)}`,
	target: 'blob',
	covers: [`blob${fault}`, 'blobFailures'],
	durations: durations(fault),
	stalls: fault === 'Stall',
	hangs: fault === 'Stall',
	isCostly: fault === 'GzipBomb',
	permanent: isGone(fault),
	// Without a code of Microsoft's it may be a gateway's answer.
	toldAtExpiry: fault === 'NotFoundPlain',
	begin(_scene, { blob, duration }) {
		if (!blob) throw new Error('There is no blob to strike');
		blob.fault = fault;
		blob.failures = duration === 'once' ? 1 : Infinity;
		return {
			hits: () => blob.attempts,
			lift() {
				if (!isGone(fault)) delete blob.fault;
			},
		};
	},
}));
