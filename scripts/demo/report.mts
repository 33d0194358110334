import type { Item } from '../n8n/executions.mts';
import { cell, table } from './print.mts';

interface ContentEntry {
	contentType?: string;
	contentId?: string;
}

const contentOf = ({ json }: Item) => (json['_content'] ?? {}) as ContentEntry;

/** How many events came in each content type, out of how many blobs. */
export function eventsPerContentType(items: Item[]): string {
	const byType = new Map<string, Item[]>();
	for (const item of items) {
		const type = contentOf(item).contentType ?? '(none)';
		byType.set(type, [...(byType.get(type) ?? []), item]);
	}
	const blobs = (some: Item[]) => new Set(some.map((item) => contentOf(item).contentId)).size;
	const rows = [...byType].sort().map(([type, some]) => [type, some.length, blobs(some)]);
	return table(['Content type', 'Events', 'Blobs'], [...rows, ['', items.length, blobs(items)]]);
}

const SAMPLES = 6;

/** A few events from all over the range, as the simplified view shows them. */
export function fewEvents(items: Item[]): string {
	const step = Math.max(1, Math.floor(items.length / SAMPLES));
	const some = items.filter((_, index) => index % step === 0).slice(0, SAMPLES);
	const rows = some.map(({ json }) => [
		cell(String(json['CreationTime']).slice(0, 16).replace('T', ' '), 16),
		cell(json['Workload'], 20),
		cell(json['Operation'], 28),
		cell(json['UserId'], 34),
		cell(json['ClientIP'], 24),
	]);
	return table(['Happened (UTC)', 'Workload', 'Operation', 'User', 'From'], rows);
}
