import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import { blobAnswer } from './blobBody.mts';
import { faultAt, isGone, isShape } from './blobFaults.mts';
import type { ApiRequest, Context } from './context.mts';
import { failedBlobAnswer } from './failedBlob.mts';
import type { FeedBlob } from './feed.mts';

/** What a contentId may consist of, as it stands in the URL: `$` raw, nothing percent-encoded. */
const RAW_CONTENT_ID = /^[\w$.~!*'()+,;=:@-]+$/;

/** `GET audit/{contentId}` */
export function answerBlob(context: Context, request: ApiRequest): Answer {
	const { feed, ledger, clock } = context;
	const rawId = request.operation.slice('audit/'.length);
	if (!RAW_CONTENT_ID.test(rawId)) {
		if (/%24/.test(rawId))
			ledger.recordViolation('contentIdEncoded', rawId.slice(0, 200), clock.now());
		const known = findEncoded(context, rawId);
		// Hostile content IDs hold characters that can only travel encoded.
		if (!known) return apiErrors.contentId(rawId);
		return serve(context, known);
	}
	const blob = feed.find(rawId);
	if (!blob || blob.listedMs > clock.now()) return apiErrors.noContent(rawId);
	return serve(context, blob);
}

function findEncoded({ feed }: Context, rawId: string): FeedBlob | undefined {
	if (/%24/i.test(rawId)) return undefined;
	try {
		return feed.find(decodeURIComponent(rawId));
	} catch {
		return undefined;
	}
}

function serve(context: Context, blob: FeedBlob): Answer {
	const { chance, faults, ledger } = context;
	const attempt = blob.attempts++;
	const answer = attemptAnswer(context, blob, attempt);
	if (answer.onSent) return answer;
	return {
		...answer,
		onSent: () => ledger.recordFailed(blob),
		onBroken: () => ledger.recordFailed(blob),
	};

	function attemptAnswer(context: Context, blob: FeedBlob, attempt: number): Answer {
		if (context.serverNow() >= blob.expiresMs) return apiErrors.contentExpired(blob.contentId);
		const fault = blob.fault ?? faultAt(chance.of('blobFault', blob.index), faults);
		if (fault === undefined || isShape(fault)) return blobAnswer(context, blob, fault);
		if (isGone(fault) || attempt < (blob.failures ?? faults.blobFailures)) {
			return failedBlobAnswer(context, blob, fault);
		}
		return blobAnswer(context, blob, undefined);
	}
}
