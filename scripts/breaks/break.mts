/** One rule of the trigger, and the smallest change of the source that breaks it. */
export interface Break {
	/** The rule, in words. */
	rule: string;
	file: string;
	/** Source text that occurs once in the file, and what stands there instead. */
	from: string;
	to: string;
	/** The directed test that has to notice it; without one the random histories have to. */
	noticedBy?: string;
}

export const HISTORIES = 'test/trigger/collector/history.test.mts';

/** The source with the rule broken. @throws if the text is not there, or more than once */
export function broken({ rule, file, from, to }: Break, source: string): string {
	const [before, after, ...more] = source.split(from);
	if (before === undefined || after === undefined || more.length > 0) {
		throw new Error(`“${rule}”: the text to be changed does not occur exactly once in ${file}:\n${from}`);
	}
	return before + to + after;
}
