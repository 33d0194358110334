import type { IDataObject } from 'n8n-workflow';

import type { RequestMatch } from '../../simulator/scriptedFaults.mts';
import { HOUR } from '../../test/engine/support/stage.mts';
import { unclear } from './clarity.mts';
import { balance, emptyOutcome, isGoneForGood, type Balance } from './outcome.mts';
import { closeScene, createScene } from './scene.mts';
import type { Begun, Cell, CellResult, Due, Outcome, Scene, Strike } from './types.mts';

/** Real time after which a cell counts as hanging, and one with thousands of requests does. */
const HANGS_AFTER_MS = 600_000;
const LONG_HANGS_AFTER_MS = 1_800_000;

/** Real milliseconds after which a request that hangs is given up. */
const HANG_MS = 120;

/** The defect of a cell that did not end. */
export const HANGS = 'hangs';

/** Plays one cell and judges it. */
export async function runCell(cell: Cell, index: number): Promise<CellResult> {
	const startedMs = performance.now();
	let timer: NodeJS.Timeout | undefined;
	const hanging = new Promise<CellResult>((resolve) => {
		const limitMs = cell.fault.isLong ? LONG_HANGS_AFTER_MS : HANGS_AFTER_MS;
		timer = setTimeout(() => resolve(failed(cell, HANGS)), limitMs);
	});
	const played = play(cell, index).catch((error: unknown) => failed(cell, String(error)));
	const result = await Promise.race([played, hanging]);
	clearTimeout(timer);
	return { ...result, realMs: performance.now() - startedMs };
}

function failed(cell: Cell, defect: string): CellResult {
	return { cell, defects: [defect], lost: 0, repeated: 0, reported: 0, messages: [], hits: 0, realMs: 0 };
}

async function play(cell: Cell, index: number): Promise<CellResult> {
	const scene = await createScene(cell, index);
	try {
		return await playOn(cell, scene);
	} finally {
		await closeScene(scene);
	}
}

async function playOn(cell: Cell, scene: Scene): Promise<CellResult> {
	const { fault, moment, subject, duration } = cell;
	const { clock } = scene.stage;
	const use = await subject.start(scene);
	let begun: Begun | undefined;
	let beganMs = clock.now();
	const begin = () => {
		const strike: Strike = { duration };
		const requests = moment.requests?.(scene);
		const blob = moment.blob?.(scene);
		begun = fault.begin?.(scene, { ...strike, ...(requests ? { requests } : {}), ...(blob ? { blob } : {}) });
		beganMs = clock.now();
		if (fault.hangs) hurry(scene, begun, strike, requests);
	};
	if (moment.onEmission) scene.onEmission = begin;
	else begin();

	const outcome = emptyOutcome();
	const weigh = () => balance(dueOf(cell, scene, outcome), outcome);
	const isDone = ({ missing, untold }: Balance = weigh()) =>
		missing.every(({ contentId }) => isGone(scene, contentId) || fault.permanent) &&
		untold.length === 0;
	await use.during(outcome, lastingMs(cell), isDone);
	const first = weigh();
	// One run of a node must account for everything; the trigger goes on.
	const lostAtOnce = subject.kind === 'action' ? first.untold.length : 0;
	const hits = begun?.hits?.() ?? 1;
	begun?.lift();
	scene.network.shortenTimeouts(Infinity);
	const liftedMs = duration === 'once' ? beganMs : clock.now();

	let now = first;
	let tries = 0;
	const { patience, patienceUntilExpiry = patience } = use;
	const most = fault.toldAtExpiry ? patienceUntilExpiry : patience;
	for (; !isDone(now) && tries < most; tries++) {
		await use.again(outcome);
		now = weigh();
	}
	return judge(cell, scene, outcome, {
		lost: Math.max(lostAtOnce, now.untold.length),
		unrecovered: isDone(now) ? 0 : now.missing.length,
		reported: first.missing.length - first.untold.length,
		repeated: now.repeated,
		unknown: now.unknown,
		hits,
		...(isDone(now) ? { recoveredMs: Math.max(0, clock.now() - (tries === 0 ? beganMs : liftedMs)) } : {}),
	});
}

/** Who meets the fault does not wait for it in earnest. */
function hurry({ network }: Scene, begun: Begun | undefined, { duration }: Strike, requests: RequestMatch | undefined): void {
	const { path = '' } = requests ?? {};
	const isMeant = (url: string) => url.search(path) >= 0 && (duration === 'lasting' || begun?.hits?.() === 0);
	network.shortenTimeouts(HANG_MS, isMeant);
}

/** Long enough for an outage to be told; what hangs or takes much work costs real time, and is shorter. */
function lastingMs({ fault, duration }: Cell): number {
	if (duration === 'once') return 0;
	return fault.hangs || fault.isCostly ? HOUR : 7 * HOUR;
}

function dueOf({ subject, fault }: Cell, scene: Scene, outcome: Outcome): Due[] {
	const due = subject.due(scene);
	return fault.oneOfThoseWithOneId ? oneForEachId(due, new Set(outcome.arrived)) : due;
}

/** Of several blobs with one contentId those count of which something has arrived; of none of them, the first. */
function oneForEachId(due: Due[], arrived: ReadonlySet<string>): Due[] {
	const known = new Set(due.filter(({ key }) => arrived.has(key)).map(({ contentId }) => contentId));
	const seen = new Set<string>();
	return due.filter(({ key, contentId }) => {
		const isNew = !seen.has(key);
		seen.add(key);
		return isNew && (arrived.has(key) || !known.has(contentId));
	});
}

const isGone = ({ blobs }: Scene, contentId: string | undefined): boolean =>
	blobs.some((blob) => blob.contentId === contentId && isGoneForGood(blob));

type Counted = Pick<CellResult, 'lost' | 'reported' | 'repeated' | 'recoveredMs' | 'hits'> & {
	unrecovered: number;
	unknown: string[];
};

function judge(cell: Cell, scene: Scene, outcome: Outcome, counted: Counted): CellResult {
	const { lost, repeated, unrecovered, unknown, hits, reported, recoveredMs } = counted;
	const { stage } = scene;
	const { ledger } = stage.sim;
	const stored = stage.engine.readCredential(stage.credentialId) as IDataObject;
	const secrets = [stage.sim.tenant.clientSecret, String(stored.accessToken ?? '')];
	const defects = [
		lost > 0 && `${lost} lost`,
		repeated > 0 && `${repeated} repeated`,
		unknown.length > 0 && `never served: ${unknown[0]}`,
		lost === 0 && unrecovered > 0 && `${unrecovered} not recovered`,
		hits === 0 && 'the fault did not strike',
		ledger.foreignRequestsWithToken > 0 && 'token or secret sent to another host',
		...[...new Set(ledger.violations.map(({ rule }) => `rule broken: ${rule}`))],
		...new Set(outcome.messages.map((message) => unclearText(message, secrets))),
		...stage.engine.findLeaks({ raw: outcome.raw }).slice(0, 2).map((path) => `secret at ${path}`),
	].filter((defect) => typeof defect === 'string');
	return {
		cell,
		defects,
		lost,
		repeated,
		reported,
		...(recoveredMs === undefined ? {} : { recoveredMs }),
		messages: outcome.messages,
		hits,
		realMs: 0,
	};
}

function unclearText(message: Outcome['messages'][number], secrets: string[]): string | undefined {
	const why = unclear(message, secrets);
	return why && `unclear (${why}): ${message.text.slice(0, 160)}`;
}
