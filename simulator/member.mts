/** Puts a member before the others of the first object in a JSON text; a text without an object stays as it is. */
export function withMember(json: string | Buffer, member: string | Buffer): Buffer {
	const bytes = Buffer.from(json);
	const open = bytes.indexOf('{') + 1;
	if (open === 0) return bytes;
	return Buffer.concat([bytes.subarray(0, open), Buffer.from(member), Buffer.from(','), bytes.subarray(open)]);
}

const HUGE_STRING_CHARACTERS = 50 * 1024 * 1024;

export const INVALID_UTF8_MEMBER = Buffer.concat([
	Buffer.from('"Bytes":"'),
	Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80]),
	Buffer.from('"'),
]);

/** Of 50 MB. */
export const hugeMember = (): string => `"Huge":"${'x'.repeat(HUGE_STRING_CHARACTERS)}"`;
