import { attempt } from './attempt';
import { compareBlobs } from './contentEntry';
import { FATAL_KINDS, LASTING_KINDS, type FeedFailure } from './failure';
import { listContent, type ListedContent, type PageSource } from './listing';
import { mapInOrder } from './mapInOrder';
import type { ContentBlob, ContentType, Runtime, TimeWindow } from './types';
import { planWindows } from './windows';

export interface CollectRequest {
	contentTypes: readonly ContentType[];
	range: TimeWindow;
	/** Newest blobs first, for a limit; otherwise oldest first. */
	newestFirst: boolean;
	/** How many blobs are read ahead of the one that is handed out, asked anew at every step. */
	lookAhead: () => number;
}

/** Where blobs are listed and read; both throw FeedFailure. */
export interface CollectSource<T> {
	content(contentType: ContentType): PageSource;
	read(blob: ContentBlob): Promise<T>;
}

/** One step of a collection. */
export type Collected<T> =
	| { type: 'blob'; blob: ContentBlob; content: T }
	| { type: 'unreadableBlob'; blob: ContentBlob; failure: FeedFailure }
	| { type: 'listed'; contentType: ContentType; window: TimeWindow; lost?: TimeWindow; unusable: number }
	| { type: 'unlisted'; contentType: ContentType; window: TimeWindow; failure: FeedFailure };

/** Windows are listed while the one before is read: enough to keep busy, little to hold. */
const WINDOW_LOOK_AHEAD = 3;

/**
 * Lists all content of a range and reads its blobs side by side, handing them out in the order of contentCreated and
 * contentId, whatever the concurrency.
 *
 * One content type that is refused, and one blob that cannot be read, come as steps of their own and stop nothing else.
 *
 * @throws FeedFailure only when nothing more can succeed: cancelled, or signed out
 */
export async function* collect<T>(
	source: CollectSource<T>,
	request: CollectRequest,
	runtime: Pick<Runtime, 'now'>,
): AsyncGenerator<Collected<T>> {
	const windows = planWindows(request.range);
	if (request.newestFirst) windows.reverse();
	const refused = new Set<ContentType>();
	let anyListed = false;
	const listings = mapInOrder(
		windows,
		async (window) => {
			const contentTypes = request.contentTypes.filter((type) => !refused.has(type));
			return await listAllTypes(source, contentTypes, window, runtime);
		},
		// With a limit the next older window may never be needed, and before one is listed all types may be refused.
		() => (request.newestFirst || !anyListed ? 1 : WINDOW_LOOK_AHEAD),
	);
	const seen = new Set<string>();
	for await (const listing of listings) {
		const blobs: ContentBlob[] = [];
		for (const step of listing) {
			if ('listed' in step) {
				anyListed = true;
				for (const blob of fresh(step.listed.blobs, seen)) blobs.push(blob);
				yield toStep(step);
			} else {
				if (LASTING_KINDS.has(step.failure.kind)) refused.add(step.contentType);
				yield step;
			}
		}
		blobs.sort(compareBlobs);
		if (request.newestFirst) blobs.reverse();
		yield* mapInOrder(blobs, async (blob) => await readOne(source, blob), request.lookAhead);
	}
}

interface ListedStep {
	contentType: ContentType;
	window: TimeWindow;
	listed: ListedContent;
}

type UnlistedStep = Extract<Collected<never>, { type: 'unlisted' }>;

function toStep({ contentType, window, listed }: ListedStep): Collected<never> {
	const { unusable, lost } = listed;
	return { type: 'listed', contentType, window, unusable, ...(lost ? { lost } : {}) };
}

/** Windows touch at their edges; a blob listed in both is read once. */
function* fresh(blobs: ContentBlob[], seen: Set<string>): Generator<ContentBlob> {
	for (const blob of blobs) {
		if (seen.has(blob.contentId)) continue;
		seen.add(blob.contentId);
		yield blob;
	}
}

async function listAllTypes<T>(
	source: CollectSource<T>,
	contentTypes: readonly ContentType[],
	window: TimeWindow,
	runtime: Pick<Runtime, 'now'>,
): Promise<Array<ListedStep | UnlistedStep>> {
	return await Promise.all(
		contentTypes.map(async (contentType) => {
			const pages = source.content(contentType);
			const listing = await attempt(
				async () => await listContent(pages, contentType, window, runtime),
			);
			if (listing.ok) return { contentType, window, listed: listing.value };
			return { type: 'unlisted' as const, contentType, window, failure: survivable(listing.failure) };
		}),
	);
}

async function readOne<T>(source: CollectSource<T>, blob: ContentBlob): Promise<Collected<T>> {
	const reading = await attempt(async () => await source.read(blob));
	if (reading.ok) return { type: 'blob', blob, content: reading.value };
	return { type: 'unreadableBlob', blob, failure: survivable(reading.failure) };
}

/** @throws what nothing else can survive either */
function survivable(failure: FeedFailure): FeedFailure {
	if (FATAL_KINDS.has(failure.kind)) throw failure;
	return failure;
}
