/**
 * Preloaded into n8n: writes every few seconds what only the process itself knows into `inside.json` in its user folder.
 * Once a minute it collects garbage first, because a heap that is merely not collected yet looks like a leak.
 */
const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { isMainThread } = require('node:worker_threads');

const EVERY_MS = 5_000;
/** One of so many looks begins with a collection. */
const COLLECT_EVERY = 12;
/** The histogram's own timer, which is part of every delay it measures. */
const RESOLUTION_MS = 10;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
let looks = 0;
let heapAfterGc;
let cpu = process.cpuUsage();
let sinceMs = performance.now();

const delayMs = (percentile) => Math.max(0, delay.percentile(percentile) / 1e6 - RESOLUTION_MS);

function look(file) {
	const { user, system } = process.cpuUsage(cpu);
	const cpuShare = (user + system) / 1000 / (performance.now() - sinceMs);
	const [delayP50Ms, delayP99Ms] = [delayMs(50), delayMs(99)];
	// The collection is ours, not n8n's: no delay or time of it is counted.
	delay.disable();
	if (looks++ % COLLECT_EVERY === 0) {
		collectGarbage();
		heapAfterGc = process.memoryUsage().heapUsed;
	}
	const byKind = {};
	for (const kind of process.getActiveResourcesInfo()) byKind[kind] = (byKind[kind] ?? 0) + 1;
	const inside = { memory: process.memoryUsage(), heapAfterGc, byKind, delayP50Ms, delayP99Ms, cpuShare };
	// Whoever reads meanwhile finds the whole of the one or of the other.
	writeFileSync(`${file}.new`, JSON.stringify(inside));
	renameSync(`${file}.new`, file);
	cpu = process.cpuUsage();
	sinceMs = performance.now();
	delay.reset();
	delay.enable();
}

// n8n alone: neither what it starts nor its worker threads, which preload the same.
if (isMainThread && process.env.N8N_STARTED_BY === String(process.ppid)) {
	const file = join(process.env.N8N_USER_FOLDER, 'inside.json');
	delay.enable();
	setInterval(() => look(file), EVERY_MS).unref();
}
