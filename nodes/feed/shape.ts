import { withoutPort } from './ipAddress';
import { isRecord } from './parseBlob';
import { RECORD_TYPE_NAMES } from './recordTypes';
import { parseUtc } from './time';
import type { AuditEvent } from './types';
import { USER_TYPE_NAMES } from './userTypes';

/** How an event is put out. `simplify` wins over `normalize`, whose changes it includes. */
export interface ShapeOptions {
	simplify: boolean;
	normalize: boolean;
}

/** Fields that hold `{Name, Value}` pairs on the wire; an empty list of them becomes an empty object. */
const PAIR_FIELDS = new Set([
	'Parameters',
	'ExtendedProperties',
	'DeviceProperties',
	'OperationProperties',
	'AuthDetails',
]);

export function shapeEvent(event: AuditEvent, options: ShapeOptions): AuditEvent {
	if (options.simplify) return simplifyEvent(event);
	return options.normalize ? normalizeEvent(event) : event;
}

/** The compact view for people and AI tools: the fields that all workloads share; what an event lacks is left out. */
export function simplifyEvent(event: AuditEvent): AuditEvent {
	const compact: AuditEvent = {
		Id: event.Id,
		CreationTime: isoTime(event.CreationTime),
		Workload: event.Workload,
		Operation: event.Operation,
		RecordType: event.RecordType,
		RecordTypeName: nameOf(RECORD_TYPE_NAMES, event.RecordType),
		UserId: event.UserId,
		UserTypeName: nameOf(USER_TYPE_NAMES, event.UserType),
		ClientIP: plainIp(event.ClientIP),
		ObjectId: event.ObjectId,
		ResultStatus: event.ResultStatus,
	};
	for (const key of Object.keys(compact)) {
		if (compact[key] === undefined) delete compact[key];
	}
	return compact;
}

/**
 * The whole record, easier to work with: `CreationTime` as ISO 8601 with `Z`, the names of record type and user type where
 * they are known, lists of `{Name, Value}` as plain objects.
 */
export function normalizeEvent(event: AuditEvent): AuditEvent {
	const normal: AuditEvent = { ...event };
	if ('CreationTime' in event) normal.CreationTime = isoTime(event.CreationTime);
	const recordTypeName = nameOf(RECORD_TYPE_NAMES, event.RecordType);
	const userTypeName = nameOf(USER_TYPE_NAMES, event.UserType);
	if (recordTypeName !== undefined) normal.RecordTypeName = recordTypeName;
	if (userTypeName !== undefined) normal.UserTypeName = userTypeName;
	for (const [field, value] of Object.entries(event)) {
		if (isPairList(field, value)) normal[field] = pairsToObject(value);
	}
	return normal;
}

/** `2026-02-07T16:43:53` is UTC without saying so; anything that is no time stays as it is. */
function isoTime(value: unknown): unknown {
	const ms = parseUtc(value);
	return ms === undefined ? value : new Date(ms).toISOString();
}

function nameOf(names: ReadonlyMap<number, string>, value: unknown): string | undefined {
	if (typeof value === 'number') return names.get(value);
	return typeof value === 'string' && /^\d+$/.test(value) ? names.get(Number(value)) : undefined;
}

/** The address without its port; `<null>` and the empty text mean that there is none. */
function plainIp(value: unknown): unknown {
	if (typeof value !== 'string') return value ?? undefined;
	return value === '' || value === '<null>' ? undefined : withoutPort(value);
}

interface Pair {
	Name: string;
	Value?: unknown;
}

function isPairList(field: string, value: unknown): value is Pair[] {
	if (!Array.isArray(value)) return false;
	if (value.length === 0) return PAIR_FIELDS.has(field);
	return value.every(
		(pair) =>
			isRecord(pair) &&
			typeof pair.Name === 'string' &&
			Object.keys(pair).every((key) => key === 'Name' || key === 'Value'),
	);
}

/** A name that occurs twice keeps all its values, as a list. */
function pairsToObject(pairs: Pair[]): AuditEvent {
	const values = new Map<string, unknown[]>();
	for (const { Name, Value } of pairs) {
		const known = values.get(Name);
		if (known) known.push(Value);
		else values.set(Name, [Value]);
	}
	// fromEntries defines its keys, so that a pair named `__proto__` is data like any other.
	return Object.fromEntries(
		[...values].map(([name, list]) => [name, list.length === 1 ? list[0] : list]),
	);
}
