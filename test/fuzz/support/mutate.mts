import fc from 'fast-check';

import { deepJson, index, json, key, text } from './hostile.mts';

/** One change of a JSON value; `at` counts its places in the order they are met. */
export interface Edit {
	at: number;
	do: 'replace' | 'remove' | 'repeat' | 'rename' | 'wrap' | 'toText' | 'swap';
	value: unknown;
	key: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
	at: index,
	do: fc.constantFrom<Edit['do'][]>('replace', 'replace', 'remove', 'repeat', 'rename', 'wrap', 'toText', 'swap'),
	value: json,
	key,
});

type Container = Record<string, unknown>;

/** All of it is JSON. */
const clone = (value: unknown): unknown =>
	value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);

/** Every place inside a value: who holds it, and under which key. */
function placesOf(root: Container): Array<[Container, string]> {
	const places: Array<[Container, string]> = [];
	const open: Container[] = [root];
	for (let holder = open.pop(); holder; holder = open.pop()) {
		for (const name of Object.keys(holder)) {
			places.push([holder, name]);
			const child = holder[name];
			if (typeof child === 'object' && child !== null) open.push(child as Container);
		}
	}
	return places;
}

/** Defines, where plain assignment to `__proto__` would do something else. */
function put(holder: Container, name: string, value: unknown): void {
	if (Array.isArray(holder) && name === 'length') return;
	Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

function apply(root: Container, { at, do: kind, value, key: name }: Edit): void {
	const places = placesOf(root);
	const [holder, own] = places[at % places.length]!;
	const current = holder[own];
	if (kind === 'replace') put(holder, own, value);
	else if (kind === 'wrap') put(holder, own, at % 2 ? [current] : Object.fromEntries([[name, current]]));
	else if (kind === 'toText') put(holder, own, JSON.stringify(current) ?? '');
	else if (kind === 'swap') {
		const [other, otherKey] = places[(at * 7 + 3) % places.length]!;
		const there = clone(other[otherKey]);
		put(other, otherKey, clone(current));
		put(holder, own, there);
	} else if (kind === 'repeat') {
		if (Array.isArray(holder)) holder.splice(Number(own), 0, clone(current));
		else put(holder, name, clone(current));
	} else {
		if (Array.isArray(holder)) holder.splice(Number(own), 1);
		else if (holder !== root) delete holder[own];
		if (kind === 'rename' && !Array.isArray(holder)) put(holder, name, current);
	}
}

export const edits = fc.array(edit, { maxLength: 4 });

/** The value with the changes made; itself is not touched. */
export function edited(value: unknown, changes: readonly Edit[]): unknown {
	// The root is a place like any other.
	const root: Container = { root: clone(value) };
	for (const each of changes) apply(root, each);
	return root.root;
}

/** The value with some changes at any of its places. */
export function mutatedJson(value: unknown, maxEdits = 4): fc.Arbitrary<unknown> {
	return fc.array(edit, { maxLength: maxEdits }).map((changes) => edited(value, changes));
}

/** One change of bytes; places are fractions of the length. */
export interface ByteEdit {
	do: 'flip' | 'cut' | 'repeat' | 'remove' | 'insert' | 'splice';
	at: number;
	length: number;
	bit: number;
	text: string;
}

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

const byteEdit: fc.Arbitrary<ByteEdit> = fc.record({
	do: fc.constantFrom<ByteEdit['do'][]>('flip', 'flip', 'cut', 'repeat', 'remove', 'insert', 'splice'),
	at: fraction,
	length: fraction,
	bit: fc.nat(7),
	text: fc.oneof(text, fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\uFEFF', '\\ud800', '1e999')),
});

function applyBytes(bytes: Buffer, each: ByteEdit, other: Buffer): Buffer {
	const at = Math.floor(each.at * bytes.length);
	// Most changes are small: the cube of a fraction is.
	const end = Math.min(bytes.length, at + 1 + Math.floor(each.length ** 3 * bytes.length));
	const around = (middle: Buffer) => Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(end)]);
	switch (each.do) {
		case 'flip': {
			const copy = Buffer.from(bytes);
			if (at < copy.length) copy[at] = copy[at]! ^ (1 << each.bit);
			return copy;
		}
		case 'cut':
			return bytes.subarray(0, at);
		case 'repeat':
			return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
		case 'remove':
			return around(Buffer.alloc(0));
		case 'insert':
			return Buffer.concat([bytes.subarray(0, at), Buffer.from(each.text), bytes.subarray(at)]);
		case 'splice':
			return around(other.subarray(0, Math.floor(each.length * other.length)));
	}
}

export const byteEdits = fc.array(byteEdit, { maxLength: 3 });

/** The bytes with the changes made; pieces of `other` get in. */
export function editedBytes(bytes: Buffer, changes: readonly ByteEdit[], other: Buffer): Buffer {
	return changes.reduce((changed, each) => applyBytes(changed, each, other), bytes);
}

/** The bytes with some of them changed. */
export function mutatedBytes(bytes: Buffer, other: Buffer, maxEdits = 4): fc.Arbitrary<Buffer> {
	return fc.array(byteEdit, { maxLength: maxEdits }).map((changes) => editedBytes(bytes, changes, other));
}

/** A body that began as one of the samples, which are JSON texts. */
export function mutatedBody(samples: readonly string[]): fc.Arbitrary<Buffer> {
	const sample = fc.constantFrom(...samples);
	const changedJson = sample.chain((each) =>
		fc
			.tuple(mutatedJson(JSON.parse(each) as unknown), fc.constantFrom<Array<string | undefined>>(undefined, undefined, '\t', ' '))
			.map(([value, indent]) => Buffer.from(JSON.stringify(value, null, indent) ?? '')),
	);
	const changedBytes = fc
		.tuple(sample, sample)
		.chain(([each, other]) => mutatedBytes(Buffer.from(each), Buffer.from(other)));
	const twice = changedJson.chain((bytes) => mutatedBytes(bytes, Buffer.from(samples[0] ?? '')));
	const strange = fc.oneof(
		text.map((each) => Buffer.from(each)),
		fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
		json.map((value) => Buffer.from(JSON.stringify(value))),
		deepJson.map((each) => Buffer.from(each)),
	);
	return fc.oneof(
		{ weight: 1, arbitrary: sample.map((each) => Buffer.from(each)) },
		{ weight: 5, arbitrary: changedJson },
		{ weight: 5, arbitrary: changedBytes },
		{ weight: 2, arbitrary: twice },
		{ weight: 2, arbitrary: strange },
	);
}

/** Where a body is cut into chunks, as fractions of its length. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fraction, { maxLength: 8 });

/** The bytes in pieces, some of them perhaps empty. */
export function cut(bytes: Buffer, fractions: readonly number[]): Buffer[] {
	const at = fractions.map((each) => Math.floor(each * bytes.length)).sort((a, b) => a - b);
	return [0, ...at].map((from, piece) => bytes.subarray(from, at[piece] ?? bytes.length));
}
