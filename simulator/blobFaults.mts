import type { Faults } from './faults.mts';

/** Those that change the form of a blob that is served all the same. */
const SHAPES = ['SingleObject', 'ByteOrderMark', 'Gzip', 'InvalidUtf8', 'SlowDrip', 'HugeString'] as const;
/** Those that fail `blobFailures` times. */
const FAILURES = [
	'EmptyBody',
	'ErrorObject',
	'Html',
	'TruncatedBody',
	'TruncatedJson',
	'WrongContentLength',
	'Stall',
	'Reset',
	'InternalError',
	'Unavailable',
	'Timeout',
	'GzipBomb',
	'BrokenGzip',
	'DeepJson',
] as const;
/** Those that never end well. */
const GONE = ['NotFound', 'NotFoundPlain', 'Expired'] as const;

export type BlobShape = (typeof SHAPES)[number];
export type BlobFailure = (typeof FAILURES)[number];
export type BlobGone = (typeof GONE)[number];
export type BlobFault = BlobShape | BlobFailure | BlobGone;

export const BLOB_FAULTS: readonly BlobFault[] = [...SHAPES, ...FAILURES, ...GONE];

export const isShape = (fault: BlobFault): fault is BlobShape =>
	(SHAPES as readonly string[]).includes(fault);
export const isGone = (fault: BlobFault): fault is BlobGone =>
	(GONE as readonly string[]).includes(fault);

/** Which fault the blob at this place (0 <= x < 1) of the fractions has. */
export function faultAt(place: number, faults: Faults): BlobFault | undefined {
	let upTo = 0;
	for (const fault of BLOB_FAULTS) {
		upTo += faults[`blob${fault}`];
		if (place < upTo) return fault;
	}
	return undefined;
}
