import type { Item } from '../n8n/executions.mts';
import { cell, dim, green, print, red, table } from './print.mts';

interface ContentEntry {
	contentType?: string;
	contentId?: string;
}

const contentOf = ({ json }: Item) => (json['_content'] ?? {}) as ContentEntry;

function byContentType(items: Item[]): Array<[string, Item[]]> {
	const groups = new Map<string, Item[]>();
	for (const item of items) {
		const type = contentOf(item).contentType ?? '(none)';
		const group = groups.get(type) ?? [];
		group.push(item);
		groups.set(type, group);
	}
	return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

/** How many events came in each content type, out of how many blobs. */
export function eventsPerContentType(items: Item[]): string {
	const blobs = (some: Item[]) => new Set(some.map((item) => contentOf(item).contentId)).size;
	const rows = byContentType(items).map(([type, some]) => [type, some.length, blobs(some)]);
	return table(['Content type', 'Events', 'Blobs'], [...rows, ['', items.length, blobs(items)]]);
}

const SAMPLES_PER_TYPE = 2;

/** A few events of each content type, as the simplified view shows them. */
export function fewEvents(items: Item[]): string {
	const some = byContentType(items).flatMap(([, group]) => {
		const step = Math.max(1, Math.floor(group.length / SAMPLES_PER_TYPE));
		return group.filter((_, index) => index % step === 0).slice(0, SAMPLES_PER_TYPE);
	});
	const rows = some.map(({ json }) => [
		cell(
			String(json['CreationTime'] ?? '')
				.slice(0, 16)
				.replace('T', ' '),
			16,
		),
		cell(json['Workload'], 20),
		cell(json['Operation'], 28),
		cell(json['UserId'], 36),
		cell(json['ClientIP'], 24),
	]);
	return table(['Happened (UTC)', 'Workload', 'Operation', 'User', 'From'], rows);
}

/** What the setup check found, a line each. */
export function printChecks(items: Item[]): void {
	for (const { json } of items) {
		const { ok, name, message } = json;
		print(`  ${ok ? green('✓') : red('✗')} ${String(name)}${dim(`  ${String(message)}`)}`);
	}
}
