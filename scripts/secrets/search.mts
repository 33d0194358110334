import { createFinder } from './finder.mts';
import type { Needle } from './forms.mts';
import { viewsOf } from './places.mts';
import type { Place } from './places.mts';

export interface Hit {
	kind: string;
	place: string;
	of: string;
	form: string;
}

/** What was searched of one kind of place. */
export interface Searched {
	places: number;
	/** Of all views: unpacked and decoded ones count as well. */
	bytes: number;
}

export interface SearchResult {
	hits: Hit[];
	kinds: Map<string, Searched>;
	/** Different texts searched for. */
	needles: number;
}

/** Searches every place, as it is and decoded, for every needle. */
export function searchPlaces(places: Iterable<Place>, needles: readonly Needle[]): SearchResult {
	const find = createFinder(needles);
	const hits: Hit[] = [];
	const kinds = new Map<string, Searched>();
	for (const { kind, name, bytes } of places) {
		const views = viewsOf(bytes);
		const before = kinds.get(kind) ?? { places: 0, bytes: 0 };
		const size = views.reduce((sum, view) => sum + view.length, 0);
		kinds.set(kind, { places: before.places + 1, bytes: before.bytes + size });
		const found = new Set(views.flatMap(find));
		for (const { of, form } of found) hits.push({ kind, place: name, of, form });
	}
	return { hits, kinds, needles: new Set(needles.map(({ text }) => text)).size };
}
