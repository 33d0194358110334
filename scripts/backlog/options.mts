import { parseArgs } from 'node:util';

import { N8N_1, N8N_2 } from '../n8n/versions.mts';
import type { N8nVersion } from '../n8n/versions.mts';

export interface BacklogOptions {
	blobs: number;
	/** Mean number of events in a blob. */
	events: number;
	/** Requests a minute that the tenant allows. */
	quota: number;
	version: N8nVersion;
	help: boolean;
}

export const HELP = `npm run test:backlog -- [options]

A real n8n with the trigger finds seven days of content of the simulated tenant, with Microsoft's quota, and
drains them into PostgreSQL. Prints progress, rate and memory once in 15 seconds. Exits with 0 only if every
event arrived once, at no less than 80% of the quota, and n8n's memory stayed flat.

  --blobs N      content blobs (20,000)
  --events N     events in a blob, on average (3)
  --quota N      requests a minute that the tenant allows (2,000)
  --n8n VERSION  ${N8N_2.version} or ${N8N_1.version} (${N8N_2.version})

PostgreSQL has to be installed (Debian and Ubuntu: sudo apt-get install postgresql); a server of its own is
started for the test.
`;

function positive(name: string, text: string): number {
	const value = Number(text);
	if (value > 0) return value;
	throw new Error(`--${name} takes a number above 0, not "${text}"`);
}

/** @throws Error for options it does not know, and for values that make no sense */
export function parseOptions(args: string[]): BacklogOptions {
	const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
	const { values } = parseArgs({
		args,
		options: {
			blobs: text('20000'),
			events: text('3'),
			quota: text('2000'),
			n8n: text(N8N_2.version),
			help: { type: 'boolean', default: false, short: 'h' },
		},
	});
	const version = [N8N_2, N8N_1].find((each) => each.version === values.n8n);
	if (!version) throw new Error(`--n8n takes ${N8N_2.version} or ${N8N_1.version}, not "${values.n8n}"`);
	return {
		blobs: positive('blobs', values.blobs),
		events: positive('events', values.events),
		quota: positive('quota', values.quota),
		version,
		help: values.help,
	};
}
