/** What a contentId could hold to lead a client astray. The real one stays in it, so that each is unique. */
const TRICKS = {
	long: (id: string) => id + 'x'.repeat(10 * 1024 - id.length),
	parent: (id: string) => `../../../../${id}`,
	query: (id: string) => `${id}?PublisherIdentifier=00000000-0000-0000-0000-000000000000`,
	fragment: (id: string) => `${id}#audit`,
	encodedSlash: (id: string) => `..%2f..%2F%2e%2e%5c${id}`,
	lineBreak: (id: string) => `${id}\r\nX-Injected: yes`,
	nul: (id: string) => `${id}\u0000`,
};

export type ContentIdTrick = keyof typeof TRICKS;
export const CONTENT_ID_TRICKS = Object.keys(TRICKS) as ContentIdTrick[];

/** @param index which trick, where each comes in turn */
export function hostileContentId(id: string, trick: 'any' | ContentIdTrick, index: number): string {
	const name = trick === 'any' ? CONTENT_ID_TRICKS[index % CONTENT_ID_TRICKS.length] : trick;
	return TRICKS[name as ContentIdTrick](id);
}
