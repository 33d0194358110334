const COLOURED = process.stdout.isTTY && !process.env['NO_COLOR'];
const code = (n: number) => (text: string) => (COLOURED ? `\u001b[${n}m${text}\u001b[0m` : text);

export const bold = code(1);
export const dim = code(2);
export const red = code(31);
export const green = code(32);

export function print(text = ''): void {
	process.stdout.write(`${text}\n`);
}

/** Rows under a header, columns as wide as their content; numbers stand to the right. */
export function table(header: string[], rows: Array<Array<string | number>>): string {
	const widths = header.map((title, column) =>
		Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length)),
	);
	const line = (cells: Array<string | number>, isHeader = false) =>
		cells
			.map((cell, column) => {
				const width = widths[column] ?? 0;
				const toTheRight = isHeader
					? rows.every((row) => typeof row[column] === 'number')
					: typeof cell === 'number';
				return toTheRight ? String(cell).padStart(width) : String(cell).padEnd(width);
			})
			.join('   ')
			.trimEnd();
	return [dim(line(header, true)), ...rows.map((row) => line(row))]
		.map((text) => `  ${text}`)
		.join('\n');
}

/** Cuts a value to fit into a table cell. */
export function cell(value: unknown, width: number): string {
	const text = value === undefined || value === null ? '' : String(value).replace(/\s+/g, ' ');
	return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
