import type { SearchResult } from '../../../scripts/secrets/search.mts';

const number = (value: number) => value.toLocaleString('en-US');

/** What was searched, as a table on the console. */
export function reportFigures(
	{ secrets, tokens }: { secrets: number; tokens: number },
	result: SearchResult,
	control: SearchResult,
): void {
	const planted = (kind: string) => control.hits.filter((hit) => hit.kind === kind).length;
	const rows = [...result.kinds].map(([kind, { places, bytes }]) => ({ kind, places, bytes }));
	const total = rows.reduce(
		(sum, { places, bytes }) => ({
			kind: 'all',
			places: sum.places + places,
			bytes: sum.bytes + bytes,
		}),
		{ kind: 'all', places: 0, bytes: 0 },
	);
	const lines = [...rows, total].map(({ kind, places, bytes }) =>
		[
			kind.padEnd(34),
			number(places).padStart(8),
			number(bytes).padStart(14),
			(kind === 'all' ? '' : String(planted(kind))).padStart(9),
		].join(''),
	);
	process.stdout.write(
		[
			'',
			`Searched for ${secrets} client secrets and ${tokens} access tokens in ${number(result.needles)} spellings: ${result.hits.length} found`,
			`${'place'.padEnd(34)}${'number'.padStart(8)}${'bytes'.padStart(14)}${'controls'.padStart(9)}`,
			...lines,
			'',
		].join('\n'),
	);
}
