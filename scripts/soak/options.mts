import { parseArgs } from 'node:util';

export interface SoakOptions {
	/** How long the feed is busy. */
	minutes: number;
	/** Fraction of the runs that fail at random. */
	failing: number;
	seed: number;
	/** Draw the stored results again. */
	plot: boolean;
	help: boolean;
}

export const HELP = `npm run soak -- [options]

A real n8n collects a busy feed of the simulated tenant, with faults, for an hour. It is looked at every few
seconds. Exits with 0 only if nothing is lost, every duplicate is explained by a failed run, and memory,
handles, static data, event-loop delay, throughput and lag are level: the median of the last quarter of the
time is not much worse than that of the second (the first is for warming up, so much less than half an hour
says little). Runs of an hour or more are written into docs/reliability.md.

  --minutes N    how long the feed is busy (60); draining it takes some minutes more
  --failing X    fraction of the runs that fail at random (0.02)
  --seed N       of everything random (1)
  --plot         nothing is run: the stored results are drawn again

Linux only. PostgreSQL has to be installed (Debian and Ubuntu: sudo apt-get install postgresql); a server of
its own is started.
`;

function numberIn(name: string, text: string, min: number, max: number): number {
	const value = Number(text);
	if (text !== '' && value >= min && value <= max) return value;
	throw new Error(`--${name} takes a number from ${min} to ${max}, not "${text}"`);
}

/** @throws Error for options it does not know, and for values that make no sense */
export function parseOptions(args: string[]): SoakOptions {
	const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		args,
		options: {
			minutes: text('60'),
			failing: text('0.02'),
			seed: text('1'),
			plot: flag,
			help: { ...flag, short: 'h' },
		},
	});
	return {
		minutes: numberIn('minutes', values.minutes, 1, 10_000),
		failing: numberIn('failing', values.failing, 0, 0.9),
		seed: numberIn('seed', values.seed, 0, 2 ** 32),
		plot: values.plot,
		help: values.help,
	};
}
