/** Where an event stands in the load. */
export interface EventPlace {
	blob: number;
	position: number;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

export const blobDigits = (blob: number) => hex(blob, 8);
export const positionDigits = (position: number) => hex(position, 12);

/** A GUID that says where the event stands, so that what was delivered can be checked without a list of what was served. */
export function eventId({ blob, position }: EventPlace): string {
	return `${blobDigits(blob)}-0000-4000-a000-${positionDigits(position)}`;
}

const ID = /^([0-9a-f]{8})-0000-4000-a000-([0-9a-f]{12})$/;

/** `undefined` for what no event of a load is called. */
export function readEventId(id: unknown): EventPlace | undefined {
	const match = typeof id === 'string' ? ID.exec(id) : null;
	if (!match) return undefined;
	return { blob: parseInt(match[1] ?? '', 16), position: parseInt(match[2] ?? '', 16) };
}
