import type { Answer } from './answer.mts';
import type { ApiRequest, Context } from './context.mts';
import type { ContentType } from './contentTypes.mts';
import type { FeedBlob } from './feed.mts';
import { listingEntry, withGarbage } from './listingEntry.mts';
import { nextPageHeaders, readNextPage } from './nextPage.mts';
import { readSubscription } from './subscriptions.mts';
import { readTimeRange } from './timeRange.mts';
import type { TimeRange } from './timeRange.mts';

/** `GET subscriptions/content` and `GET subscriptions/notifications`. */
export function answerListing(context: Context, request: ApiRequest): Answer {
	const subscription = readSubscription(context, request.query);
	if ('why' in subscription) return subscription;
	const range = readTimeRange(context, request.query, request.query.has('nextPage'));
	if ('why' in range) {
		context.ledger.recordViolation(
			'timeRange',
			`${range.why} ${request.query}`,
			context.clock.now(),
		);
		return range;
	}
	if (range.partial) {
		context.ledger.recordViolation(
			'timeRange',
			`more than 24 h: ${request.query}`,
			context.clock.now(),
		);
	}
	const cursor = readNextPage(context, request.query);
	if ('why' in cursor) return cursor;
	const notifications = request.operation.toLowerCase() === 'subscriptions/notifications';
	const all = notifications
		? subscription.webhook
			? visibleBlobs(context, subscription.contentType, range, cursor.snapshotMs)
			: []
		: visibleBlobs(context, subscription.contentType, range, cursor.snapshotMs);
	const page = all.slice(cursor.offset, cursor.offset + cursor.size);
	if (!notifications) page.forEach((blob) => context.ledger.recordListed(blob));
	const entries = page.map((blob) => listingEntry(context, request, blob, notifications));
	return {
		status: 200,
		headers: nextPageHeaders(context, request, range, cursor, all.length),
		body: notifications ? entries : withGarbage(context, request, entries),
		why: `${entries.length} of ${all.length} ${subscription.contentType}`,
	};
}

/**
 * What the listing as of `snapshotMs` holds. Later pages of a listing see the same snapshot, so that nothing
 * shifts from one page to another while new blobs arrive.
 */
function visibleBlobs(
	context: Context,
	contentType: ContentType,
	range: TimeRange,
	snapshotMs: number,
): FeedBlob[] {
	const { feed, faults, chance, tenant } = context;
	const subscription = tenant.subscriptions.get(contentType);
	const gaps = subscription?.gaps ?? [];
	const inRange = feed
		.between(contentType, range.startMs, range.endMs)
		.filter(
			(blob) =>
				blob.listedMs <= snapshotMs &&
				snapshotMs >= (subscription?.firstContentMs ?? 0) &&
				!gaps.some((gap) => blob.createdMs >= gap.fromMs && blob.createdMs < gap.toMs),
		);
	const chosen = range.partial
		? inRange.filter((blob) => chance.of('partial', blob.index) < 0.5)
		: inRange;
	const ordered = faults.unordered
		? shuffled(chosen, context)
		: chosen.sort((a, b) => a.listedMs - b.listedMs);
	return ordered.flatMap((blob) =>
		chance.of('entryTwice', blob.index) < faults.duplicateEntries ? [blob, blob] : [blob],
	);
}

function shuffled(blobs: FeedBlob[], { chance }: Context): FeedBlob[] {
	const place = new Map(blobs.map((blob) => [blob, chance.of('order', blob.index)]));
	return blobs.sort((a, b) => (place.get(a) as number) - (place.get(b) as number));
}
