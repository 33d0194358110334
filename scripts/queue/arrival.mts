import { setTimeout as sleep } from 'node:timers/promises';

import { eventKey } from '../../simulator/ledger.mts';
import type { Simulator } from '../../simulator/types.mts';
import { readRows } from '../crash/table.mts';
import type { Postgres } from '../crash/postgres.mts';
import { servedRecords } from '../simulatedTenant.mts';

/** What of the tenants' events is in a table. */
export interface Arrival {
	events: number;
	lost: number;
	/** Rows too many. */
	twice: number;
}

const TIMEOUT_MS = 6 * 60_000;
const LOOK_EVERY_MS = 2_000;
/** For repetitions that come after everything has arrived. */
const SETTLING_MS = 5_000;

async function look(postgres: Postgres, table: string, tenants: Simulator[]): Promise<Arrival> {
	const records = tenants.flatMap((tenant) => servedRecords(tenant));
	const due = new Set(records.map((text) => eventKey(JSON.parse(text))));
	const rows = (await readRows(postgres, table)).map(({ key }) => key);
	const arrived = new Set(rows);
	const lost = [...due].filter((key) => !arrived.has(key)).length;
	return { events: due.size, lost, twice: rows.length - arrived.size };
}

/** Waits until every event that the tenants have is in the table, or it takes too long. */
export async function waitForArrival(
	postgres: Postgres,
	table: string,
	tenants: Simulator[],
): Promise<Arrival> {
	const deadline = Date.now() + TIMEOUT_MS;
	while ((await look(postgres, table, tenants)).lost > 0 && Date.now() < deadline) {
		await sleep(LOOK_EVERY_MS);
	}
	await sleep(SETTLING_MS);
	return await look(postgres, table, tenants);
}
