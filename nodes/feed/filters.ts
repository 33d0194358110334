import { compileIpPattern, parseIp } from './ipAddress';
import { RECORD_TYPE_NAMES } from './recordTypes';
import { toShortText } from './toText';
import type { AuditEvent } from './types';

/** What to keep: OR within one list, AND across the lists; an empty or absent list keeps everything. */
export interface EventFilters {
	/** Numbers, or names from Microsoft's table. */
	recordTypes?: Array<string | number>;
	workloads?: string[];
	/** `*` stands for any text. */
	operations?: string[];
	/** Compared with UserId; `*` stands for any text. */
	users?: string[];
	/** Addresses or CIDR ranges; an event's port is ignored. */
	clientIps?: string[];
	resultStatuses?: string[];
}

/** A filter value that cannot mean anything; the message is for the user. */
export class InvalidFilter extends Error {}

type Test = (event: AuditEvent) => boolean;

/** The fields in which the workloads put the address of the client. */
const CLIENT_IP_FIELDS = ['ClientIP', 'ClientIPAddress', 'ActorIpAddress'] as const;

/**
 * Compiles filters into one predicate; undefined if there is nothing to filter.
 *
 * @throws InvalidFilter for an unknown record type name or something that is no IP address
 */
export function compileFilters(filters: EventFilters): Test | undefined {
	const tests = [
		compileRecordTypes(filters.recordTypes),
		compileText('Workload', filters.workloads, exactly),
		compileText('Operation', filters.operations, wildcard),
		compileText('UserId', filters.users, wildcard),
		compileClientIps(filters.clientIps),
		compileText('ResultStatus', filters.resultStatuses, exactly),
	].filter((test) => test !== undefined);
	if (tests.length === 0) return undefined;
	return (event) => tests.every((test) => test(event));
}

function compileText(
	field: string,
	wanted: string[] = [],
	compile: (pattern: string) => (text: string) => boolean,
): Test | undefined {
	if (wanted.length === 0) return undefined;
	const matchers = wanted.map(compile);
	return (event) => {
		const value = event[field];
		if (value === undefined || value === null || typeof value === 'object') return false;
		const text = String(value);
		return matchers.some((matches) => matches(text));
	};
}

function exactly(wanted: string): (text: string) => boolean {
	const lower = wanted.trim().toLowerCase();
	return (text) => text.toLowerCase() === lower;
}

/**
 * `*` as any text, without a regular expression: a pattern with many stars must not take exponential time on a long value.
 */
function wildcard(pattern: string): (text: string) => boolean {
	const parts = pattern.trim().toLowerCase().split('*');
	if (parts.length === 1) return exactly(pattern);
	const first = parts[0]!;
	const last = parts[parts.length - 1]!;
	const middle = parts.slice(1, -1).filter((part) => part !== '');
	return (value) => {
		const text = value.toLowerCase();
		const end = text.length - last.length;
		if (!text.startsWith(first) || !text.endsWith(last) || first.length > end) return false;
		let position = first.length;
		for (const part of middle) {
			const found = text.indexOf(part, position);
			if (found < 0 || found + part.length > end) return false;
			position = found + part.length;
		}
		return true;
	};
}

function compileRecordTypes(wanted: Array<string | number> = []): Test | undefined {
	if (wanted.length === 0) return undefined;
	const numbers = new Set(wanted.flatMap(recordTypeNumbers));
	return ({ RecordType }) =>
		(typeof RecordType === 'number' || typeof RecordType === 'string') &&
		numbers.has(Number(RecordType));
}

function recordTypeNumbers(wanted: string | number): number[] {
	const text = String(wanted).trim();
	if (/^\d+$/.test(text)) return [Number(text)];
	const lower = text.toLowerCase();
	const numbers = [...RECORD_TYPE_NAMES].filter(([, name]) => name.toLowerCase() === lower);
	if (numbers.length === 0) {
		throw new InvalidFilter(
			`“${toShortText(text)}” is no known record type. Use a number, or a name from Microsoft’s list such as ExchangeAdmin.`,
		);
	}
	return numbers.map(([value]) => value);
}

function compileClientIps(wanted: string[] = []): Test | undefined {
	if (wanted.length === 0) return undefined;
	const patterns = wanted.map((pattern) => {
		const compiled = compileIpPattern(pattern);
		if (!compiled) {
			throw new InvalidFilter(
				`“${toShortText(pattern)}” is neither an IP address nor a range such as 10.0.0.0/8 or 2001:db8::/32.`,
			);
		}
		return compiled;
	});
	return (event) =>
		CLIENT_IP_FIELDS.some((field) => {
			const value = event[field];
			const ip = typeof value === 'string' ? parseIp(value) : undefined;
			return ip !== undefined && patterns.some((matches) => matches(ip));
		});
}
