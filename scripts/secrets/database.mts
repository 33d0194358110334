import type { Place } from './places.mts';

/** The part of `node:sqlite` used here; the types of Node 20, which the package is built against, do not have it. */
interface Sqlite {
	DatabaseSync: new (
		path: string,
		options: { readOnly: boolean },
	) => {
		prepare(sql: string): { all(): Array<Record<string, unknown>> };
		close(): void;
	};
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function bytesOf(value: unknown): Buffer {
	return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value));
}

/**
 * Every text and every blob in every table of an SQLite database: in the file itself long values are scattered over pages.
 *
 * @param kindOf says what a value is, by table and column
 */
export function valuesOf(file: string, kindOf: (table: string, column: string) => string): Place[] {
	const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as unknown as Sqlite;
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
		return tables.flatMap(({ name }) => {
			const table = String(name);
			const rows = database.prepare(`SELECT * FROM ${quoted(table)}`).all();
			return rows.flatMap((row, index) =>
				Object.entries(row)
					.filter(([, value]) => typeof value === 'string' || value instanceof Uint8Array)
					.map(([column, value]) => ({
						kind: kindOf(table, column),
						name: `${table}.${column}, row ${index + 1}`,
						bytes: bytesOf(value),
					})),
			);
		});
	} finally {
		database.close();
	}
}
