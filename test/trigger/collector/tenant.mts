import { FeedFailure } from '../../../nodes/feed/failure';
import type { AuditEvent, ContentBlob, ContentType, TimeWindow } from '../../../nodes/feed/types';
import { DAY, MINUTE } from './units.mts';
import type { VirtualTime } from './virtualTime.mts';

/** A blob of the pretended tenant; `uid` names each of its events, whatever its Id is. */
export interface WorldBlob {
	blob: ContentBlob;
	events: AuditEvent[];
	visibleMs: number;
	/** Cannot be read, ever. */
	broken: boolean;
	/** Microsoft's contentCreated cannot be read. */
	undated?: true;
	/** Until then Microsoft says that it does not exist, although it is listed. */
	readableMs?: number;
}

/** `busy`: asks to wait for a single blob. */
export type Reading = 'ok' | 'flaky' | 'down' | 'throttled' | 'busy';

export interface Throttle {
	request: 'list' | 'read';
	minutes: number;
	/** Retry-After is not promised: some answers lack it. */
	tellsAlways: boolean;
}

/** A wait that was asked for is kept for this long; a server may ask for a year. */
const MAX_ASKED_WAIT = 30 * MINUTE;

const SLOWEST_ANSWER = 8 * MINUTE;

export interface Tenant {
	blobs: WorldBlob[];
	publish(blob: WorldBlob): void;
	find(contentId: string): WorldBlob | undefined;
	/** How often each blob was asked for. */
	reads: Map<string, number>;
	/** What is refused, and what takes minutes to answer, if it answers before the poll ends. */
	setListing(refused: ContentType[], slow?: ContentType[]): void;
	setReading(mode: Reading): void;
	throttle(throttle: Throttle): void;
	/** The collector has forgotten which waits it was asked for, or may end them. */
	forgetWaits(): void;
	/** The second half of a list comes on a page of its own. */
	list(
		contentType: ContentType,
		window: TimeWindow,
		deadlineMs: number,
		found: (blobs: ContentBlob[]) => void,
	): Promise<{ blobs: ContentBlob[] }>;
	read(blob: ContentBlob): Promise<AuditEvent[]>;
}

/** The Management Activity API as the collector meets it. */
export function createTenant(
	time: VirtualTime,
	skewMs: () => number,
	random: () => number,
	violations: string[],
): Tenant {
	const blobs: WorldBlob[] = [];
	const byId = new Map<string, WorldBlob>();
	const reads = new Map<string, number>();
	/** When each kind of request may be sent again, as far as the collector knows. */
	let asked = new Map<string, number>();
	const throttles = new Map<Throttle['request'], Throttle & { untilMs: number }>();
	let refused: ContentType[] = [];
	let slow: ContentType[] = [];
	let reading: Reading = 'ok';

	function begin(...requests: string[]): void {
		for (const request of requests) {
			if (time.now() < (asked.get(request) ?? 0)) violations.push(`${request} did not wait as asked`);
		}
	}

	function askToWait(heard: Map<string, number>, request: string, waitMs: number): void {
		const untilMs = time.now() + Math.min(waitMs, MAX_ASKED_WAIT);
		heard.set(request, Math.max(heard.get(request) ?? 0, untilMs));
	}

	function refuseThrottled(
		heard: Map<string, number>,
		kind: Throttle['request'],
		contentType: ContentType,
	): void {
		const { untilMs = 0, tellsAlways } = throttles.get(kind) ?? {};
		if (time.now() >= untilMs) return;
		const retryAfterMs = tellsAlways || random() < 0.5 ? untilMs - time.now() : undefined;
		if (retryAfterMs !== undefined) askToWait(heard, `${kind} ${contentType}`, retryAfterMs);
		throw new FeedFailure({ kind: 'throttled', code: 'AF429', message: 'throttled', retryAfterMs });
	}

	async function answer(afterMs: number, deadlineMs: number): Promise<void> {
		await time.after(Math.min(afterMs, deadlineMs - time.now()));
		if (time.now() >= deadlineMs) throw new FeedFailure({ kind: 'cancelled', message: 'the time is over' });
	}

	function checkWindow({ startMs, endMs }: TimeWindow): void {
		if (startMs % 1000 !== 0 || endMs % 1000 !== 0) violations.push('part of a second');
		if (endMs - startMs > DAY || endMs <= startMs) violations.push('window length');
		if (startMs < time.now() + skewMs() - 7 * DAY) violations.push('beyond the seven days');
	}

	function failReading(heard: Map<string, number>, wanted: ContentBlob): void {
		const { contentId, contentType, expiresMs = Infinity } = wanted;
		const { broken = true, readableMs = 0 } = byId.get(contentId) ?? {};
		if (broken || time.now() < readableMs || time.now() >= expiresMs) {
			throw new FeedFailure({ kind: 'contentGone', code: 'AF20050', message: 'gone' });
		}
		refuseThrottled(heard, 'read', contentType);
		if (reading === 'throttled') {
			throw new FeedFailure({ kind: 'throttled', code: 'AF429', message: 'throttled' });
		}
		if (reading === 'busy') {
			const retryAfterMs = random() * 60 * MINUTE;
			askToWait(heard, contentId, retryAfterMs);
			throw new FeedFailure({ kind: 'transient', status: 503, message: 'busy', retryAfterMs });
		}
		if (reading === 'down' || (reading === 'flaky' && random() < 0.5)) {
			throw new FeedFailure({ kind: 'transient', code: 'AF50000', message: 'internal' });
		}
	}

	/** As the product reads the entries: an unreadable time is taken for the earliest that is possible. */
	function listed(contentType: ContentType, { startMs, endMs }: TimeWindow): ContentBlob[] {
		const found: ContentBlob[] = [];
		for (const { blob, visibleMs, undated } of blobs) {
			const { createdMs } = blob;
			if (blob.contentType !== contentType || visibleMs > time.now()) continue;
			if (createdMs < startMs || createdMs >= endMs) continue;
			const contentCreated = new Date(startMs).toISOString();
			found.push(undated ? { ...blob, contentCreated, createdMs: startMs, undated } : blob);
		}
		return found.reverse();
	}

	return {
		blobs,
		publish(blob) {
			blobs.push(blob);
			byId.set(blob.blob.contentId, blob);
		},
		find: (contentId) => byId.get(contentId),
		reads,
		setListing(toRefuse, toDelay = []) {
			refused = toRefuse;
			slow = toDelay;
		},
		setReading: (mode) => void (reading = mode),
		throttle: (throttle) =>
			void throttles.set(throttle.request, {
				...throttle,
				untilMs: time.now() + throttle.minutes * MINUTE,
			}),
		forgetWaits: () => void (asked = new Map()),
		async list(contentType, window, deadlineMs, found) {
			checkWindow(window);
			begin(`list ${contentType}`);
			const heard = asked;
			const takesMs = slow.includes(contentType) ? random() * SLOWEST_ANSWER : 50;
			const beganMs = time.now();
			await answer(Math.min(takesMs, 50), deadlineMs);
			const first = listed(contentType, window);
			const half = first.slice(0, Math.ceil(first.length / 2));
			const isServed = time.now() >= (throttles.get('list')?.untilMs ?? 0) && !refused.includes(contentType);
			if (isServed) found(half);
			await answer(takesMs - (time.now() - beganMs), deadlineMs);
			refuseThrottled(heard, 'list', contentType);
			if (refused.includes(contentType)) {
				throw new FeedFailure({ kind: 'permission', code: 'AF10001', message: 'refused' });
			}
			return { blobs: listed(contentType, window) };
		},
		async read(wanted) {
			const { contentId } = wanted;
			begin(`read ${wanted.contentType}`, contentId);
			reads.set(contentId, (reads.get(contentId) ?? 0) + 1);
			const heard = asked;
			await time.after(20);
			failReading(heard, wanted);
			return byId.get(contentId)?.events ?? [];
		},
	};
}
