import type { TenantReport } from '../tenant/types.mts';
import type { RunAnswer } from './types.mts';

/** A figure that must not be published: the contestant did not do the job. */
export class NotDelivered extends Error {}

/**
 * Compares what was delivered with what the tenant's ledger says was served, and that with what the tenant holds.
 *
 * @param blobs how many blobs the tenant holds, with `eventsPerBlob` events each
 * @throws NotDelivered that names the difference
 */
export function judge(
	who: string,
	{ perBlob, problems, events }: Pick<RunAnswer, 'perBlob' | 'problems' | 'events'>,
	{ servedPerBlob }: Pick<TenantReport, 'servedPerBlob'>,
	{ blobs, eventsPerBlob }: { blobs: number; eventsPerBlob: number },
): void {
	if (problems.length > 0) throw new NotDelivered(`${who}: ${problems.join('; ')}`);
	const served = servedPerBlob.reduce((sum, count) => sum + count, 0);
	if (served !== blobs * eventsPerBlob) {
		throw new NotDelivered(
			`${who}: the tenant holds ${blobs * eventsPerBlob} events and was asked for ${served}`,
		);
	}
	const different = servedPerBlob.findIndex((count, blob) => count !== perBlob[blob]);
	if (different >= 0 || events !== served) {
		throw new NotDelivered(
			`${who}: ${served} events were served, ${events} delivered; blob ${different}: ${servedPerBlob[different]} served, ${perBlob[different]} delivered`,
		);
	}
}
