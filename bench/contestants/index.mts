import { FLOOR, FLOOR_WITH_TOKEN } from './floor.mts';
import { HTTP_REQUEST } from './httpRequest.mts';
import { NODE_CONTENT, NODE_EVENTS, NODE_FILE, NODE_SIMPLIFIED } from './node.mts';
import type { Contestant } from './types.mts';

const ALL: readonly Contestant[] = [
	NODE_EVENTS,
	NODE_SIMPLIFIED,
	NODE_CONTENT,
	NODE_FILE,
	HTTP_REQUEST,
	FLOOR,
	FLOOR_WITH_TOKEN,
];

/**
 * @param name or the URL of a module whose default export is a contestant
 * @throws Error if there is none of that name
 */
export async function findContestant(name: string): Promise<Contestant> {
	if (name.startsWith('file:')) return ((await import(name)) as { default: Contestant }).default;
	const found = ALL.find((contestant) => contestant.name === name);
	if (!found) throw new Error(`No contestant is called "${name}"`);
	return found;
}
