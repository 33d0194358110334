import type * as Policy from '../../nodes/feed/governorPolicy.ts';
import { createTimers, type Timers } from './timers.mts';

/** The functions of nodes/feed/governorPolicy.ts; handed in, because a script loads them from dist/ and a test from nodes/. */
export type PolicyModule = Pick<
	typeof Policy,
	'createPolicy' | 'waitForStart' | 'onStart' | 'onAnswer' | 'onEnd' | 'onRefusal'
>;

/** How the server counts; which of them Microsoft's does nobody knows. */
export interface VirtualQuota {
	window: 'fixed' | 'sliding';
	/** Requests in 60 seconds, at a time. */
	perMinute: (nowMs: number) => number;
	/** Where the fixed windows begin. */
	phaseMs?: number;
	/** What is refused counts, too. */
	countsRefused?: boolean;
	/** Sent with each refusal: what is left of a fixed window, or until the oldest request leaves a sliding one. */
	retryAfter?: boolean;
}

/** A process of its own that reads the tenant. */
export interface VirtualReader {
	maxPerMinute: number;
	maxConcurrency?: number;
	backlog: number;
	/** When it starts; 0 unless told. */
	startMs?: number;
	/** What it believes about the quota at its start, from what it met before. */
	believes?: number;
}

export interface VirtualRun {
	quota: VirtualQuota;
	readers: VirtualReader[];
	latencyMs: { mean: number; jitter: number };
	untilMs: number;
	/** 0 <= x < 1 */
	random: () => number;
}

export interface VirtualRequest {
	reader: number;
	startedMs: number;
	arrivedMs: number;
	accepted: boolean;
}

const WINDOW_MS = 60_000;

/** Plays readers against a quota on virtual time. @returns all requests in the order of arrival */
export function runVirtual(module: PolicyModule, run: VirtualRun): VirtualRequest[] {
	const timers = createTimers(0);
	const requests: VirtualRequest[] = [];
	const take = createQuota(run.quota, timers);
	for (const [reader, options] of run.readers.entries()) {
		const policy = module.createPolicy({
			maxConcurrency: options.maxConcurrency ?? 50,
			maxPerMinute: options.maxPerMinute,
		});
		timers.at(options.startMs ?? 0, () => {
			if (options.believes) policy.learned = { perMinute: options.believes, atMs: timers.now() };
			read(module, run, { policy, reader, left: options.backlog, timers, requests, take });
		});
	}
	while (timers.next(run.untilMs));
	return requests;
}

interface Reading {
	policy: Policy.GovernorPolicy;
	reader: number;
	left: number;
	timers: Timers;
	requests: VirtualRequest[];
	take: () => number;
}

/** What nodes/transport/governor.ts does, without promises. */
function read(module: PolicyModule, { latencyMs, quota, random }: VirtualRun, reading: Reading): void {
	const { policy, reader, timers, requests, take } = reading;
	let wakeMs = Infinity;

	function pump(): void {
		while (reading.left > 0) {
			const wait = module.waitForStart(policy, timers.now());
			if (wait > 0) {
				if (wait !== Infinity) wakeIn(wait);
				return;
			}
			reading.left--;
			send();
		}
	}

	function wakeIn(wait: number): void {
		// A timer of Node counts whole milliseconds.
		const atMs = Math.ceil(timers.now() + wait);
		if (wakeMs <= atMs) return;
		wakeMs = atMs;
		timers.at(atMs, () => {
			if (wakeMs === atMs) wakeMs = Infinity;
			pump();
		});
	}

	function send(): void {
		const startedMs = timers.now();
		module.onStart(policy, startedMs);
		const travelMs = () => (latencyMs.mean + latencyMs.jitter * (2 * random() - 1)) / 2;
		timers.at(startedMs + travelMs(), () => {
			const waitMs = take();
			requests.push({ reader, startedMs, arrivedMs: timers.now(), accepted: waitMs === 0 });
			timers.at(timers.now() + travelMs(), () => {
				const nowMs = timers.now();
				if (waitMs === 0) {
					module.onAnswer(policy, nowMs, startedMs, true);
					module.onEnd(policy, nowMs, startedMs, 'success', true);
				} else {
					reading.left++;
					const retryAfterMs = quota.retryAfter ? Math.ceil(waitMs / 1_000) * 1_000 : undefined;
					module.onRefusal(policy, nowMs, startedMs, { retryAfterMs, random: random() });
				}
				pump();
			});
		});
	}

	pump();
}

/** Milliseconds until a request would be accepted, 0 for one that is. */
function createQuota(quota: VirtualQuota, timers: Timers): () => number {
	const counted: number[] = [];
	const isFixed = quota.window === 'fixed';
	return () => {
		const nowMs = timers.now();
		const intoWindow = (nowMs + WINDOW_MS - (quota.phaseMs ?? 0)) % WINDOW_MS;
		const horizonMs = isFixed ? nowMs - intoWindow : nowMs - WINDOW_MS;
		while (counted.length > 0 && (isFixed ? counted[0]! < horizonMs : counted[0]! <= horizonMs)) counted.shift();
		const isFree = counted.length < quota.perMinute(nowMs);
		if (isFree || quota.countsRefused) counted.push(nowMs);
		if (isFree) return 0;
		return Math.max(1, isFixed ? WINDOW_MS - intoWindow : counted[0]! + WINDOW_MS - nowMs);
	};
}
