import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** The product's time and chance; the same shape as `Runtime` in nodes/feed/types.ts. */
export interface MutableRuntime {
	now(): number;
	sleep(ms: number): Promise<void>;
	random(): number;
}

export interface FastClock {
	/** Virtual milliseconds since 1970; also fits as the simulated tenant's clock. */
	now(): number;
	/** Moves time on by itself, without waiting for anybody. */
	advance(ms: number): void;
	/** Time stands still from now on: who waits, waits for ever. */
	freeze(): void;
	/** Every wait the product asked for, in milliseconds, in order. */
	sleeps: number[];
	restore(): void;
}

export interface FastClockOptions {
	startMs?: number;
	/** What `random` answers; 0.5 unless told. */
	random?: () => number;
	/** After so many real milliseconds without a sign of life, open requests count as hanging. */
	stallMs?: number;
}

interface Sleeper {
	wakeMs: number;
	wake(): void;
}

const REQUEST_START = 'http.client.request.start';
/** Real milliseconds without any HTTP activity after which everybody is taken to be asleep. */
const IDLE_MS = 2;

/**
 * Virtual time for the product: nobody waits, time jumps to the next sleeper's end once no request is open. An open request
 * goes first, so that a timeout raced against an answer does not win by magic; only a hanging one loses.
 */
export function startFastClock(
	runtime: MutableRuntime,
	{ startMs = Date.now(), random = () => 0.5, stallMs = 400 }: FastClockOptions = {},
): FastClock {
	const original = { ...runtime };
	const sleepers: Sleeper[] = [];
	const sleeps: number[] = [];
	let nowMs = startMs;
	const openRequests = new Set<ClientRequest>();
	let lastActivity = performance.now();
	let timer: NodeJS.Timeout | undefined;
	let frozen = false;

	function onRequest(message: unknown): void {
		const { request } = message as { request: ClientRequest };
		openRequests.add(request);
		lastActivity = performance.now();
		request.once('close', () => {
			openRequests.delete(request);
			lastActivity = performance.now();
		});
	}

	function look(): void {
		timer = undefined;
		const quietMs = performance.now() - lastActivity;
		if (quietMs >= (openRequests.size > 0 ? stallMs : IDLE_MS)) {
			// What hangs now is not waited for again.
			openRequests.clear();
			wakeNext();
		}
		if (sleepers.length > 0 && !frozen) timer ??= setTimeout(look, 1);
	}

	function wakeNext(): void {
		if (frozen) return;
		sleepers.sort((a, b) => a.wakeMs - b.wakeMs);
		const next = sleepers.shift();
		if (!next) return;
		nowMs = Math.max(nowMs, next.wakeMs);
		next.wake();
	}

	function sleep(ms: number): Promise<void> {
		sleeps.push(ms);
		timer ??= setTimeout(look, 1);
		return new Promise((wake) => sleepers.push({ wakeMs: nowMs + ms, wake }));
	}

	subscribe(REQUEST_START, onRequest);
	Object.assign(runtime, { now: () => nowMs, sleep, random });
	return {
		now: () => nowMs,
		advance: (ms) => void (nowMs += ms),
		freeze: () => void (frozen = true),
		sleeps,
		restore() {
			unsubscribe(REQUEST_START, onRequest);
			clearTimeout(timer);
			Object.assign(runtime, original);
		},
	};
}
