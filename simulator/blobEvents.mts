import type { ContentType } from './contentTypes.mts';
import { reorderKeys } from './events/generateEvent.mts';
import type { FeedBlob, FeedInput } from './feed.mts';

/** Makes the generated events of blobs, duplicates among them. */
export interface EventSource {
	/** Tells of a blob, in the order of creation. */
	register(blob: FeedBlob): void;
	/** The blob's events as JSON texts: the same whenever and in whatever order they are asked for. */
	make(blob: FeedBlob): string[];
}

export function createEventSource({
	options,
	chance,
	faults,
	generateEvent,
}: FeedInput): EventSource {
	const latest = new Map<ContentType, FeedBlob>();
	/** The blob of the same content type that was created before. */
	const previous = new Map<FeedBlob, FeedBlob | undefined>();

	/** Between 1 and twice the mean. */
	const countOf = (index: number) =>
		chance.integer(1, Math.max(1, Math.round(2 * options.eventsPerBlob - 1)), 'count', index);

	const eventAt = (blob: FeedBlob, position: number) =>
		generateEvent({
			contentType: blob.contentType,
			blobIndex: blob.index,
			position,
			createdMs: blob.createdMs,
		});

	/** Repeats an event of this blob or of the previous one, with its keys in another order. */
	function duplicateAt(blob: FeedBlob, position: number): string {
		const within = position > 0 && chance.of('within', blob.index, position) < 0.5;
		if (within) return reorderKeys(eventAt(blob, position - 1));
		const source = previous.get(blob);
		if (!source) return eventAt(blob, position);
		const from = chance.integer(0, countOf(source.index) - 1, 'source', blob.index, position);
		return reorderKeys(eventAt(source, from));
	}

	return {
		register(blob) {
			previous.set(blob, latest.get(blob.contentType));
			latest.set(blob.contentType, blob);
		},
		make: (blob) =>
			Array.from({ length: countOf(blob.index) }, (_, position) =>
				chance.of('duplicate', blob.index, position) < faults.duplicateEvents
					? duplicateAt(blob, position)
					: eventAt(blob, position),
			),
	};
}
