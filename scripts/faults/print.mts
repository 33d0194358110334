import { describeCell } from './choose.mts';
import { virtualTime, type Row } from './summary.mts';
import type { CellResult } from './types.mts';

type Print = (line: string) => void;

const FAULT_WIDTH = 52;
const NUMBER_WIDTH = 9;
const TIME_WIDTH = 13;
const MESSAGE_CHARACTERS = 110;

const number = (value: number | string) => String(value).padStart(NUMBER_WIDTH);
const time = (value: string) => value.padStart(TIME_WIDTH);

export function printHeading(print: Print): void {
	const numbers = ['cells', 'lost', 'repeated', 'reported'].map(number).join('');
	print(
		`\n${'Fault'.padEnd(FAULT_WIDTH)} ${'hits'.padEnd(8)}${numbers}${time('node: after')}${time('trigger')}  what a user reads`,
	);
}

export function printRow(print: Print, row: Row): void {
	const { fault, duration, cells, lost, repeated, reported } = row;
	print(
		`${fault.padEnd(FAULT_WIDTH)} ${duration.padEnd(8)}${[cells, lost, repeated, reported].map(number).join('')}${time(row.actionRecovery)}${time(row.triggerRecovery)}  ${row.message.slice(0, MESSAGE_CHARACTERS)}`,
	);
}

export function printCell(print: Print, result: CellResult): void {
	const { cell, defects, lost, repeated, reported, recoveredMs, messages } = result;
	const recovered = recoveredMs === undefined ? 'not recovered' : `recovered after ${virtualTime(recoveredMs)}`;
	print(`  ${describeCell(cell)}: lost ${lost}, repeated ${repeated}, reported ${reported}, ${recovered}`);
	for (const defect of defects) print(`    NOT GOOD: ${defect}`);
	const message = messages.at(-1);
	if (message) print(`    “${message.text.slice(0, 300)}” ${message.advice?.slice(0, 300) ?? ''}`);
}
