import { HOUR_MS, MINUTE_MS } from '../time';
import { backOffMs, resetBackOff } from './backOff';
import { rememberEvents } from './eventMemory';
import { heedFreshRun } from './freshSize';
import { FAILURES_UNTIL_DOWN, isDown, rangesOfBatch } from './nextWork';
import { closeRange, cutRange, type TakenRange } from './ranges';
import { markUnstored, type Checkpoint, type EventRange, type FailedBatch, type TypeState } from './state';

/** What is handed to the workflow in one run. */
export interface Batch {
	taken: TakenRange[];
	/** Fingerprints of the Ids of its events. */
	ids: string[];
	/** How many events it has: the filters let through no more. */
	eventCount: number;
	/** Its number, if it failed before. */
	failed?: number;
	/** It was handed out while everything failed, to see whether that is over. */
	probe?: boolean;
}

/**
 * A batch that failed this often in one composition is halved. A probe is halved at once: it is not known whether the destination is
 * down, or there is in every batch an event that fails by itself, and then it is the small pieces that go through.
 */
const FAILURES_UNTIL_HALVED = 3;

/** Longest wait before a failed batch is handed out again, and before the next probe when everything fails. */
const MAX_RETRY_WAIT_MS = 6 * HOUR_MS;
const MAX_PROBE_WAIT_MS = 30 * MINUTE_MS;

function typeOf(state: Checkpoint, { open }: TakenRange): TypeState | undefined {
	return state.types.get(open.blob.contentType);
}

function close(state: Checkpoint, taken: TakenRange[]): void {
	for (const item of taken) {
		const type = typeOf(state, item);
		if (type) closeRange(state, type, item.open, item.range);
	}
}

/** The run succeeded, or with `atMostOnce` is about to be handed over: its events are done. */
export function recordDelivered(state: Checkpoint, batch: Batch): void {
	close(state, batch.taken);
	rememberEvents(state.seenEvents, batch.ids);
	if (batch.failed !== undefined) forgetEmptyBatch(state, batch.failed);
	markUnstored(state, 'settled');
}

/** A failed batch of which nothing is left. A part that could not be read when the rest was handed out keeps it. */
export function forgetEmptyBatch(state: Checkpoint, number: number): void {
	if (rangesOfBatch(state, number).length === 0) state.failedBatches.delete(number);
}

/** The destination works, so whatever still fails does so by itself. */
export function recordSuccess(state: Checkpoint, batch: Batch, nowMs: number): void {
	heedFreshRun(state, batch, true);
	const wasDown = isDown(state);
	resetBackOff(state.destination);
	for (const failed of state.failedBatches.values()) {
		// What the outage made it wait for is over.
		if (wasDown && !failed.suspect) failed.notBeforeMs = Math.min(failed.notBeforeMs, nowMs + MINUTE_MS);
		failed.suspect = true;
	}
}

/** With `atMostOnce` nobody is told how runs end: what was known of the destination would hold for ever. */
export function forgetDestination(state: Checkpoint): void {
	resetBackOff(state.destination);
	delete state.freshEvents;
}

/**
 * The run did not succeed, or not in time. Its events go back, as a batch that is tried again.
 *
 * @param maxAttempts 0: for ever
 * @returns the contentIds that are given up, if it was the last attempt
 */
export function recordFailed(
	state: Checkpoint,
	batch: Batch,
	nowMs: number,
	maxAttempts: number,
): string[] {
	heedFreshRun(state, batch, false);
	const { number, failed } = takeBack(state, batch, nowMs);
	failed.attempts++;
	if (maxAttempts > 0 && failed.attempts >= maxAttempts) return giveUp(state, batch, number);
	if (batch.probe || failed.failures >= FAILURES_UNTIL_HALVED) halve(state, batch, failed, nowMs);
	return [];
}

/**
 * n8n did not run the batch, or cancelled its run. Most likely that says nothing about its events, so it is no attempt and gives
 * nothing up. It is halved all the same: were one event to blame, it would keep the others back for ever.
 */
export function recordRefused(state: Checkpoint, batch: Batch, nowMs: number): void {
	const { failed } = takeBack(state, batch, nowMs);
	if (failed.failures >= FAILURES_UNTIL_HALVED) halve(state, batch, failed, nowMs);
}

/** Puts the events back as a failed batch, which an earlier failure may have made already, to wait for longer each time. */
function takeBack(state: Checkpoint, batch: Batch, nowMs: number): { number: number; failed: FailedBatch } {
	const number = batch.failed ?? state.nextBatch++;
	const failed = state.failedBatches.get(number) ?? newFailedBatch();
	state.failedBatches.set(number, failed);
	for (const { open, range } of batch.taken) {
		range.batch = number;
		delete range.taken;
		open.touched = true;
	}
	keepUntried(state, batch, number, failed);
	failed.lastTriedMs = nowMs;
	failed.failures++;
	failed.notBeforeMs = nowMs + backOffMs(failed.failures, MAX_RETRY_WAIT_MS);
	// While nothing succeeds each probe is followed by a pause, whatever is wrong with it. What was under way before says nothing new.
	if (isDown(state) ? batch.probe : !failed.suspect) recordTrouble(state, nowMs);
	markUnstored(state, 'settled');
	return { number, failed };
}

/**
 * One more run in a row failed. The waits begin when the destination is taken to be down, with one minute: a workflow that
 * merely fails now and then is soon back to work.
 */
function recordTrouble({ destination }: Checkpoint, nowMs: number): void {
	destination.failures++;
	const sinceDown = destination.failures - FAILURES_UNTIL_DOWN + 1;
	destination.notBeforeMs = nowMs + backOffMs(sinceDown, MAX_PROBE_WAIT_MS);
}

/** What of the batch was not in the run, because it could not be read again, keeps its count as a batch of its own. */
function keepUntried(state: Checkpoint, batch: Batch, number: number, failed: FailedBatch): void {
	const tried = new Set<EventRange>(batch.taken.map(({ range }) => range));
	const untried = rangesOfBatch(state, number).filter(({ range }) => !tried.has(range));
	if (untried.length === 0) return;
	const rest = state.nextBatch++;
	state.failedBatches.set(rest, { ...failed });
	for (const { range } of untried) range.batch = rest;
}

function newFailedBatch(): FailedBatch {
	return { attempts: 0, failures: 0, notBeforeMs: 0, lastTriedMs: 0, suspect: false };
}

function giveUp(state: Checkpoint, batch: Batch, number: number): string[] {
	close(state, batch.taken);
	forgetEmptyBatch(state, number);
	markUnstored(state, 'urgent');
	return [...new Set(batch.taken.map(({ open }) => open.blob.contentId))];
}

/** Splits the batch in two by events, so that after a few rounds the offending event is alone. */
function halve(state: Checkpoint, batch: Batch, failed: FailedBatch, nowMs: number): void {
	// After a change of the Output the ranges of a run that was under way are no longer those of its blobs (counting.ts).
	const taken = batch.taken.filter(({ open, range }) => open.ranges.includes(range));
	const total = taken.reduce((sum, { range }) => sum + range.to - range.from, 0);
	if (total <= 1) return;
	const number = state.nextBatch++;
	let left = Math.floor(total / 2);
	for (const { open, range } of taken) {
		const size = range.to - range.from;
		if (left <= 0) {
			range.batch = number;
		} else if (size > left) {
			cutRange(open, range, range.from + left).batch = number;
		}
		left -= size;
	}
	failed.failures = 0;
	failed.notBeforeMs = nowMs + MINUTE_MS;
	state.failedBatches.set(number, { ...failed });
}

/** The batch was prepared but never handed over. */
export function putBack(batch: Batch): void {
	for (const { range } of batch.taken) delete range.taken;
}
