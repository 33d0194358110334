import { CONTENT_TYPES, startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import type { Item } from '../n8n/executions.mts';
import { countDistinct, servedRecords } from '../simulatedTenant.mts';
import { bold, green, print, red } from './print.mts';

/** Six days, so that nothing falls off the API's seven while the demo runs. */
const DAYS = 6;

/** For somebody who looks on: often enough to see it, seldom enough to follow. */
export const NEW_BLOB_SECONDS = 30;

/** A tenant of its own; with the given records (one JSON object each), or with generated ones. */
export async function startTenant(records?: string[]): Promise<Simulator> {
	if (records) return await startSimulator({ events: records, days: DAYS, quota: null });
	const faults = { duplicateEvents: 0.1, pageSize: 7 };
	return await startSimulator({ blobs: 60, eventsPerBlob: 12, days: DAYS, faults });
}

/** Gives the tenant new content, so that a trigger has something to collect; the answer ends that. */
export function keepBusy({ feed }: Pick<Simulator, 'feed'>): () => Promise<void> {
	let added = 0;
	const add = () => void feed.addBlob({ contentType: CONTENT_TYPES[added++ % CONTENT_TYPES.length] });
	const timer = setInterval(add, NEW_BLOB_SECONDS * 1_000);
	return async () => clearInterval(timer);
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
