import type { BusyTenant } from '../crash/busyTenant.mts';
import type { Postgres } from '../crash/postgres.mts';
import { TABLE } from '../crash/table.mts';

/** What has arrived since the last time it was asked. */
export interface Deliveries {
	/** All of them so far. */
	rows: number;
	/** When the newest blob of which anything has arrived was created; in milliseconds since 1970. */
	newestMs: number;
}

/** Follows the destination row by row, reading each of them once. */
export function followDeliveries(
	{ query }: Postgres,
	{ simulator }: BusyTenant,
): () => Promise<Deliveries> {
	let rows = 0;
	let newestMs = NaN;
	let lastSeq = 0;
	return async () => {
		const lines = await query(
			`SELECT seq || ' ' || content_id FROM ${TABLE} WHERE seq > ${lastSeq} ORDER BY seq`,
		);
		for (const line of lines) {
			const blank = line.indexOf(' ');
			lastSeq = Number(line.slice(0, blank));
			const createdMs = simulator.feed.find(line.slice(blank + 1))?.createdMs ?? NaN;
			if (!(newestMs >= createdMs)) newestMs = createdMs;
		}
		rows += lines.length;
		return { rows, newestMs };
	};
}
