/** A simulated tenant in a process of its own, so that its CPU time and memory are not the contestant's. */
import { readFileSync } from 'node:fs';

import { startSimulator } from '../../simulator/index.mts';
import type { RequestLogEntry, Simulator } from '../../simulator/index.mts';
import { createBodies } from '../load/blobBody.mts';
import { scaledClock } from './scaledClock.mts';
import type { TenantMessage, TenantReport, TenantSetup } from './types.mts';

const DAY_MS = 24 * 3_600_000;
/** Nothing lies so near to either edge of the range that it moves out of it while a client starts. */
const MARGIN_MS = 10 * 60_000;

interface AnsweredRequest {
	startMs: number;
	endMs: number;
	throttled: boolean;
}

const throttleStatuses = new Set([429, 403]);

async function serve(setup: TenantSetup): Promise<() => TenantReport> {
	const answers: AnsweredRequest[] = [];
	const simulator = await startSimulator({
		seed: setup.seed,
		blobs: 0,
		clock: scaledClock(setup.timeScale, setup.epochMs),
		tls: setup.tls,
		latencyMs: setup.latencyMs,
		quota: setup.quotaPerMinute === null ? null : { requests: setup.quotaPerMinute, perMs: 60_000 },
		faults: { sameMillisecond: 0 },
		onRequest: ({ path, status, ms }: RequestLogEntry) => {
			if (!path.startsWith('/api/')) return;
			const endMs = performance.now();
			answers.push({ startMs: endMs - ms, endMs, throttled: throttleStatuses.has(status) });
		},
	});
	const rawBytes = fill(simulator, setup);
	const { url, tenant, certificateAuthority } = simulator;
	tell({ connection: { url, ...tenant, ...(certificateAuthority && { certificateAuthority }) } });
	return () => report(simulator, rawBytes, answers);
}

/** Puts the load into the tenant; returns the size of all bodies. */
function fill({ feed, clock }: Simulator, { load, templatesFile }: TenantSetup): number {
	const body = createBodies(JSON.parse(readFileSync(templatesFile, 'utf8')) as string[]);
	const spanMs = load.days * DAY_MS - 2 * MARGIN_MS;
	const newestMs = clock.now() - MARGIN_MS;
	let bytes = 0;
	for (let index = 0; index < load.blobs; index++) {
		const stream = body(index, load.eventsPerBlob);
		bytes += stream.bytes;
		feed.addBlob({
			contentType: load.contentTypes[index % load.contentTypes.length],
			createdMs: Math.round(newestMs - spanMs * (1 - (index + 0.5) / load.blobs)),
			stream,
		});
	}
	return bytes;
}

function report(
	{ feed, ledger }: Simulator,
	rawBytes: number,
	answers: readonly AnsweredRequest[],
): TenantReport {
	const startMs = answers[0]?.startMs ?? 0;
	const times = (throttled: boolean) =>
		answers
			.filter((answer) => answer.throttled === throttled)
			.map(({ endMs }) => Math.round(endMs - startMs));
	return {
		servedPerBlob: feed.blobs.map(({ contentId }) => {
			const blob = ledger.blobs.get(contentId);
			return blob && blob.fetched > 0 ? blob.events : 0;
		}),
		rawBytes,
		startedAtMs: performance.timeOrigin + startMs,
		requests: ledger.requests,
		throttled: ledger.throttled,
		peakOpen: peakOpen(answers),
		passedAtMs: times(false),
		throttledAtMs: times(true),
		violations: [...new Set(ledger.violations.map(({ rule }) => rule))],
	};
}

/** The most that were open at the same moment. */
function peakOpen(answers: readonly AnsweredRequest[]): number {
	const changes = answers
		.flatMap(({ startMs, endMs }) => [
			{ atMs: startMs, by: 1 },
			{ atMs: endMs, by: -1 },
		])
		.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
	let open = 0;
	return changes.reduce((peak, { by }) => Math.max(peak, (open += by)), 0);
}

function tell(message: TenantMessage): void {
	process.send?.(message);
}

process.once('message', (setup: TenantSetup) => {
	void serve(setup).then((makeReport) => {
		process.on('message', () => tell({ report: makeReport() }));
	});
});
// The tenant ends with whoever started it, however that ended.
process.once('disconnect', () => process.exit(0));
