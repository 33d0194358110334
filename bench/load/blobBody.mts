import type { StreamedEvents } from '../../simulator/feed.mts';
import { blobDigits, eventId, positionDigits } from './eventId.mts';
import type { EventPlace } from './eventId.mts';

/** Which template an event is made of; neighbouring blobs do not begin with the same. */
export function templateAt({ blob, position }: EventPlace, templates: number): number {
	return (blob * 31 + position) % templates;
}

/** The JSON text of one event. */
export function eventText(place: EventPlace, templates: readonly string[]): string {
	const template = templates[templateAt(place, templates.length)] ?? '{}';
	return `{"Id":"${eventId(place)}",${template.slice(1)}`;
}

/** Where the digits that change begin, counted from the event's brace. */
const BLOB_DIGITS_AT = '{"Id":"'.length;
const POSITION_DIGITS_AT = BLOB_DIGITS_AT + '00000000-0000-4000-a000-'.length;

/**
 * Bodies of blobs, made by copying one buffer with all templates and writing the Ids into the copy: as fast as memory.
 *
 * @returns the body of a blob by its index and number of events
 */
export function createBodies(
	templates: readonly string[],
): (blob: number, events: number) => StreamedEvents {
	const texts = templates.map((_, at) =>
		Buffer.from(`${eventText({ blob: 0, position: at }, templates)},`),
	);
	const round = Buffer.concat(texts);
	/** Where each template begins in the round, and where the last one ends. */
	const starts = texts.reduce<number[]>((all, text) => [...all, (all.at(-1) ?? 0) + text.length], [
		0,
	]);
	const at = (index: number) => starts[index] ?? 0;

	function* chunks(blob: number, events: number): Generator<Buffer> {
		yield Buffer.from('[');
		let position = 0;
		while (position < events) {
			const from = templateAt({ blob, position }, texts.length);
			const to = Math.min(texts.length, from + events - position);
			const chunk = Buffer.from(round.subarray(at(from), at(to)));
			for (let index = from; index < to; index++, position++) {
				const brace = at(index) - at(from);
				chunk.write(blobDigits(blob), brace + BLOB_DIGITS_AT, 'latin1');
				chunk.write(positionDigits(position), brace + POSITION_DIGITS_AT, 'latin1');
			}
			yield position < events ? chunk : chunk.subarray(0, -1);
		}
		yield Buffer.from(']');
	}

	function bytesOf(blob: number, events: number): number {
		const from = templateAt({ blob, position: 0 }, texts.length);
		const rounds = Math.floor(events / texts.length);
		const end = from + (events % texts.length);
		const rest =
			end <= texts.length
				? at(end) - at(from)
				: round.length - at(from) + at(end - texts.length);
		// Brackets, less the comma behind the last event.
		return rounds * round.length + rest + (events > 0 ? 1 : 2);
	}

	return (blob, events) => ({
		events,
		bytes: bytesOf(blob, events),
		chunks: () => chunks(blob, events),
	});
}
