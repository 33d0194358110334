import { FeedFailure } from '../feed/failure';
import { toReadable } from '../feed/time';
import type { AuditEvent, ContentBlob } from '../feed/types';

/**
 * What is read of a blob that goes out as a reference: one thing to deliver, without an Id of its own.
 *
 * @throws FeedFailure `contentGone` if it has expired: whoever gets the reference could not download it, and would fail for ever
 */
export function readReference({ expiresMs }: ContentBlob, nowMs: number): AuditEvent[] {
	if (expiresMs === undefined || nowMs < expiresMs) return [{}];
	throw new FeedFailure({ kind: 'contentGone', message: `It expired at ${toReadable(expiresMs)}` });
}
