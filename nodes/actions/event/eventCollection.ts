import { collect, type CollectSource } from '../../feed/collect';
import { LASTING_KINDS, type FeedFailure } from '../../feed/failure';
import type { LookAhead } from '../../feed/lookAhead';
import { startMissing } from '../../feed/subscriptions';
import { toReadable } from '../../feed/time';
import type { ContentBlob } from '../../feed/types';
import type { FeedClient } from '../../transport/client';
import { createReport, type Report } from '../common/report';
import type { OperationContext } from '../types';
import type { GetAllParameters } from './parameters';

/** What is read ahead of its turn: small blobs enough to hide their latency, large ones as memory allows. */
export const READ_AHEAD = { blobs: 64, bytes: 64 * 1024 * 1024 };

/** How many blobs to read ahead: with a limit about as many as it still takes, so that it stops fetching early. */
export function blobsToReach(
	{ limit, concurrency }: GetAllParameters,
	{ events, blobs }: { events: number; blobs: number },
	lookAhead: LookAhead,
): number {
	const most = lookAhead.blobs(concurrency);
	if (limit === Infinity) return most;
	const perBlob = Math.max(events, 1) / Math.max(blobs, 1);
	const needed = blobs === 0 ? 1 : Math.ceil((limit - events) / perBlob);
	return Math.max(1, Math.min(most, needed));
}

export interface Collection<T> {
	blobs: AsyncGenerator<{ blob: ContentBlob; content: T }>;
	report: Report;
}

/**
 * The blobs of the parameters' range in order, everything else on the way going to the report.
 *
 * @throws FeedFailure if no content type could be listed at all: then there is nothing to isolate
 */
export async function openCollection<T>(
	context: OperationContext,
	parameters: GetAllParameters,
	client: FeedClient,
	read: CollectSource<T>['read'],
	lookAhead: () => number,
): Promise<Collection<T>> {
	const report = createReport(context, parameters.unreadableContent);
	if (parameters.startMissingSubscriptions) await startSubscriptions(context, parameters, client);
	const source = { content: client.content, read };
	return { blobs: listedBlobs(context, parameters, { source, lookAhead, report }), report };
}

async function* listedBlobs<T>(
	context: OperationContext,
	parameters: GetAllParameters,
	{ source, lookAhead, report }: {
		source: CollectSource<T>;
		lookAhead: () => number;
		report: Report;
	},
): AsyncGenerator<{ blob: ContentBlob; content: T }> {
	const steps = collect(
		source,
		{
			contentTypes: parameters.contentTypes,
			range: parameters.range,
			newestFirst: parameters.limit !== Infinity,
			lookAhead,
		},
		context.runtime,
	);
	let listed = 0;
	let firstFailure: FeedFailure | undefined;
	const told = new Set<string>();
	for await (const step of steps) {
		const { contentType } = step.type === 'listed' || step.type === 'unlisted' ? step : step.blob;
		if (step.type === 'blob') {
			yield step;
		} else if (step.type === 'unreadableBlob') {
			report.missing({ contentType, contentId: step.blob.contentId, failure: step.failure });
		} else if (step.type === 'listed') {
			listed++;
			tellGaps(context, step);
		} else {
			firstFailure ??= step.failure;
			const lasting = LASTING_KINDS.has(step.failure.kind);
			const key = lasting ? `${contentType} ${step.failure.kind}` : `${contentType} ${step.window.startMs}`;
			if (told.has(key)) continue;
			told.add(key);
			report.missing({ contentType, failure: step.failure, ...(lasting ? {} : { window: step.window }) });
		}
	}
	if (listed === 0 && firstFailure) throw firstFailure;
}

function tellGaps(
	context: OperationContext,
	step: { contentType: string; unusable: number; lost?: { startMs: number; endMs: number } },
): void {
	if (step.lost) {
		context.hint(
			`${step.contentType}: content from ${toReadable(step.lost.startMs)} to ${toReadable(step.lost.endMs)} could no longer be listed, because Microsoft keeps it for 7 days.`,
		);
	}
	if (step.unusable > 0) {
		context.hint(
			`${step.contentType}: Microsoft listed ${step.unusable} entries without a usable content ID, which cannot be read.`,
		);
	}
}

async function startSubscriptions(
	context: OperationContext,
	parameters: GetAllParameters,
	client: FeedClient,
): Promise<void> {
	const results = await startMissing(client, parameters.contentTypes, context.runtime.now());
	for (const { contentType, alreadyEnabled, failure } of results) {
		if (failure) {
			context.hint(`The subscription of ${contentType} could not be started: ${failure.message}. ${failure.advice ?? ''}`);
		} else if (!alreadyEnabled) {
			context.hint(`The subscription of ${contentType} was started. First content can take up to 12 hours.`);
		}
	}
}
