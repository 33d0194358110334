import { isDeepStrictEqual } from 'node:util';

export type AuditRecord = Record<string, unknown>;

export interface Comparison {
	/** Delivered, and deeply equal to a served record. */
	equal: number;
	/** Served but not delivered, or delivered with another content. */
	missing: AuditRecord[];
	/** Delivered but not served with that content, or too often. */
	unexpected: AuditRecord[];
}

/** The record as Microsoft sent it: without the one key our node adds. */
export function withoutContent(record: AuditRecord): AuditRecord {
	const { _content, ...rest } = record;
	return rest;
}

/**
 * Matches delivered records with due ones, each at most once, by deep equality: every key, every value, every type.
 *
 * @param due a record that may come in several forms (one `Id` with different contents) is a list of these forms
 */
export function compareRecords(due: AuditRecord[][], delivered: AuditRecord[]): Comparison {
	const open = new Map<string, AuditRecord[][]>();
	for (const forms of due) {
		const key = String(forms[0]?.['Id']);
		open.set(key, [...(open.get(key) ?? []), forms]);
	}
	const unexpected: AuditRecord[] = [];
	let equal = 0;
	for (const record of delivered) {
		const candidates = open.get(String(record['Id'])) ?? [];
		const found = candidates.findIndex((forms) =>
			forms.some((form) => isDeepStrictEqual(form, record)),
		);
		if (found === -1) unexpected.push(record);
		else {
			candidates.splice(found, 1);
			equal++;
		}
	}
	const missing = [...open.values()].flat().flatMap((forms) => forms.slice(0, 1));
	return { equal, missing, unexpected };
}

/** What is due with duplicates removed: each `Id` once, in whichever form; records without one all. */
export function dueOnce(records: AuditRecord[]): AuditRecord[][] {
	const byId = new Map<unknown, AuditRecord[]>();
	const due: AuditRecord[][] = [];
	for (const record of records) {
		const id = record['Id'];
		const forms = typeof id === 'string' && id !== '' ? byId.get(id) : undefined;
		if (forms) forms.push(record);
		else {
			const own = [record];
			due.push(own);
			byId.set(id, own);
		}
	}
	return due;
}
