import { eventKey } from '../../simulator/ledger.mts';
import type { Row } from './judge.mts';
import type { Postgres } from './postgres.mts';

export const TABLE = 'events';

/** What the workflow fills in; the rest PostgreSQL adds. */
export const COLUMNS = ['event', 'content_id', 'execution_id'] as const;

/** No unique key on purpose: every repetition shows. */
export async function createTable({ query }: Postgres, table = TABLE): Promise<void> {
	await query(
		`CREATE TABLE ${table} (event text, content_id text, execution_id text,
			seq bigserial, written_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
	);
}

export async function countRows({ query }: Postgres): Promise<number> {
	return Number((await query(`SELECT count(*) FROM ${TABLE}`))[0]);
}

interface StoredRow {
	event: string;
	execution_id: string;
	written_ms: number;
}

/** All rows in the order in which they were written, each known by the same key as in the ledger. */
export async function readRows({ query }: Postgres, table = TABLE): Promise<Row[]> {
	const lines = await query(
		`SELECT json_build_object('event', event, 'execution_id', execution_id,
			'written_ms', extract(epoch FROM written_at) * 1000) FROM ${table} ORDER BY seq`,
	);
	return lines.map((line) => {
		const { event, execution_id, written_ms } = JSON.parse(line) as StoredRow;
		const key = eventKey(JSON.parse(event));
		return { key, executionId: execution_id, writtenMs: written_ms };
	});
}
