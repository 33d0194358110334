import { startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import type { Item } from '../n8n/executions.mts';
import { readNdjson } from '../readNdjson.mts';
import { countDistinct, servedRecords } from '../simulatedTenant.mts';
import { bold, green, print, red } from './print.mts';

/** Six days, so that nothing falls off the API's seven while the demo runs. */
const DAYS = 6;

/** A tenant of its own; with the records of a file (one JSON object a line), or with generated ones. */
export async function startTenant(eventsFile?: string): Promise<Simulator> {
	if (eventsFile) {
		return await startSimulator({ events: await readNdjson(eventsFile), days: DAYS, quota: null });
	}
	const faults = { duplicateEvents: 0.1, pageSize: 7 };
	return await startSimulator({ blobs: 60, eventsPerBlob: 12, days: DAYS, faults });
}

/**
 * Prints what was delivered against what was served. The ledger judges what was asked for; here also that all was.
 *
 * @returns whether every event of the tenant was delivered exactly once and no rule of the API was broken
 */
export function printVerdict({ feed, ledger }: Simulator, items: Item[]): boolean {
	const records = servedRecords({ feed });
	const distinct = countDistinct(records);
	ledger.recordDelivered(items.map(({ json }) => json));
	const { ok, eventsServed } = ledger.verdict();
	print(`\n${ledger.summary()}`);
	const holds = ok && eventsServed === distinct && items.length === distinct;
	if (holds) {
		const copies = records.length - distinct;
		const note = copies ? ` ${copies} more records repeat one of their Ids and were dropped.` : '';
		print(
			`\n${green('✓')} ${bold(`All ${distinct} events of the tenant were delivered once.`)}${note}`,
		);
	} else {
		print(
			`\n${red('✗')} The tenant has ${distinct} events, ${items.length} were delivered. See the ledger.`,
		);
	}
	return holds;
}
