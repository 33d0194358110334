import { parseArgs } from 'node:util';

import { N8N_1, N8N_2 } from '../n8n/versions.mts';
import type { N8nVersion } from '../n8n/versions.mts';

export interface CrashOptions {
	/** How long the feed is busy; draining and the outage come on top. */
	minutes: number;
	kills: number;
	/** How often a changed workflow is published, while one of its runs is under way if there is one. */
	edits: number;
	versions: N8nVersion[];
	/** Fraction of the runs that fail at random. */
	failing: number;
	/** How long Microsoft is away while n8n starts; 0 leaves that part out. */
	outageSeconds: number;
	/** The trigger's option of that name. */
	parallelExecutions: number;
	seed: number;
	help: boolean;
}

export const HELP = `npm run test:crash -- [options]

Kills a real n8n again and again while it collects a busy feed of the simulated tenant into PostgreSQL,
then compares the table with what was served. Exits with 0 only if nothing is lost and every duplicate
is explained by a kill or a failed run.

  --minutes N    how long the feed is busy (20); draining it and the outage come on top
  --kills N      how often n8n is killed with SIGKILL in that time (20)
  --edits N      how often an edit is published in that time (4)
  --n8n VERSION  ${N8N_2.version}, ${N8N_1.version} or both (both)
  --failing X    fraction of the runs that fail at random (0)
  --outage S     seconds for which Microsoft is away while n8n starts (120); 0: never
  --parallel N   the trigger's Parallel Executions (1)
  --seed N       of everything random (1)
  --short        the form for CI: 3 minutes, 5 kills, 2 edits, n8n ${N8N_2.version}, an outage of 40 s

PostgreSQL has to be installed (Debian and Ubuntu: sudo apt-get install postgresql); a server of its own is
started for the test.
`;

const SHORT = { minutes: '3', kills: '5', edits: '2', n8n: N8N_2.version, outage: '40' };
const LONG = { minutes: '20', kills: '20', edits: '4', n8n: 'both', outage: '120' };

function numberIn(name: string, text: string, min: number, max: number): number {
	const value = Number(text);
	if (text !== '' && value >= min && value <= max) return value;
	throw new Error(`--${name} takes a number from ${min} to ${max}, not "${text}"`);
}

function versionsOf(name: string): N8nVersion[] {
	const versions = [N8N_2, N8N_1].filter(({ version }) => name === 'both' || name === version);
	if (versions.length > 0) return versions;
	throw new Error(`--n8n takes ${N8N_2.version}, ${N8N_1.version} or both, not "${name}"`);
}

/** @throws Error for options it does not know, and for values that make no sense */
export function parseOptions(args: string[]): CrashOptions {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		args,
		options: {
			minutes: text,
			kills: text,
			edits: text,
			n8n: text,
			failing: { ...text, default: '0' },
			outage: text,
			parallel: { ...text, default: '1' },
			seed: { ...text, default: '1' },
			short: flag,
			help: { ...flag, short: 'h' },
		},
	});
	const all = { ...(values.short ? SHORT : LONG), ...values };
	return {
		minutes: numberIn('minutes', all.minutes, 0.5, 10_000),
		kills: numberIn('kills', all.kills, 0, 10_000),
		edits: numberIn('edits', all.edits, 0, 10_000),
		versions: versionsOf(all.n8n),
		failing: numberIn('failing', all.failing, 0, 0.9),
		outageSeconds: numberIn('outage', all.outage, 0, 3_600),
		parallelExecutions: numberIn('parallel', all.parallel, 1, 50),
		seed: numberIn('seed', all.seed, 0, 2 ** 32),
		help: all.help,
	};
}
