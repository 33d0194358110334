import { templateAt } from './blobBody.mts';
import { eventId, readEventId } from './eventId.mts';
import type { Load } from './types.mts';

/** What a contestant handed on, compared with what the load holds. */
export interface DeliveryCheck {
	/** Delivered events by index of the blob. */
	perBlob: number[];
	events: number;
	/** The first few things that are wrong, in words; empty if each event is one of the load, unchanged, and came once. */
	problems: string[];
}

export interface DeliveryChecker {
	/** An item's data: the whole record, whatever `_content` it carries besides. */
	record(event: unknown): void;
	/** An item of the compact view. */
	simplified(event: unknown): void;
	/** A line of a file: the record's original text. */
	line(text: string): void;
	result(): DeliveryCheck;
}

const MOST_PROBLEMS = 5;

/** Fields that the compact view takes over as they are. */
const SIMPLIFIED_FIELDS = ['Operation', 'Workload', 'RecordType', 'UserId'] as const;

/** Compares every delivered event with its place in the load; the order does not matter. */
export function createDeliveryChecker(load: Load, templates: readonly string[]): DeliveryChecker {
	const parsed = templates.map((text) => JSON.parse(text) as Record<string, unknown>);
	const canonical = parsed.map((record) => JSON.stringify(record));
	const seen = Array.from({ length: load.blobs }, () => new Uint8Array(load.eventsPerBlob));
	const problems: string[] = [];

	function complain(problem: string): void {
		if (problems.length < MOST_PROBLEMS) problems.push(problem);
	}

	/** Index of the event's template; counts the event. */
	function place(id: unknown): number | undefined {
		const found = readEventId(id);
		const ofBlob = found && seen[found.blob];
		if (!found || !ofBlob || found.position >= ofBlob.length) {
			complain(`${JSON.stringify(id)} is no event of the tenant`);
			return undefined;
		}
		const times = (ofBlob[found.position] ?? 0) + 1;
		ofBlob[found.position] = times;
		if (times > 1) complain(`${String(id)} was delivered ${times} times`);
		return templateAt(found, templates.length);
	}

	return {
		record(event) {
			const { Id, _content, ...rest } = (event ?? {}) as Record<string, unknown>;
			const template = place(Id);
			if (template !== undefined && JSON.stringify(rest) !== canonical[template]) {
				complain(`${String(Id)} was changed: ${JSON.stringify(rest).slice(0, 200)}`);
			}
		},
		simplified(event) {
			const fields = (event ?? {}) as Record<string, unknown>;
			const template = place(fields['Id']);
			if (template === undefined) return;
			const differs = SIMPLIFIED_FIELDS.find((name) => fields[name] !== parsed[template]?.[name]);
			if (differs) complain(`${String(fields['Id'])} was changed in ${differs}`);
		},
		line(text) {
			const id = text.slice('{"Id":"'.length, '{"Id":"'.length + 36);
			const template = place(id);
			if (template !== undefined && text !== `{"Id":"${id}",${templates[template]?.slice(1)}`) {
				complain(`${id} was changed: ${text.slice(0, 200)}`);
			}
		},
		result() {
			const perBlob = seen.map((ofBlob) => ofBlob.reduce((sum, times) => sum + times, 0));
			const missing = firstMissing(seen);
			if (missing) complain(`${missing} was not delivered`);
			return { perBlob, events: perBlob.reduce((sum, count) => sum + count, 0), problems };
		},
	};
}

function firstMissing(seen: readonly Uint8Array[]): string | undefined {
	for (const [blob, ofBlob] of seen.entries()) {
		const position = ofBlob.indexOf(0);
		if (position >= 0) return eventId({ blob, position });
	}
	return undefined;
}
