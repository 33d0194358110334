import { parseArgs } from 'node:util';

export interface DemoOptions {
	/** Leave n8n running until Ctrl-C. */
	open: boolean;
	/** NDJSON file with records to serve instead of generated ones. */
	eventsFile?: string;
	help: boolean;
}

export const HELP = `npm run demo -- [--open] [--events FILE]

Runs this package in a real n8n against a simulated Microsoft 365 tenant, all on this machine.

  --open         leave n8n running afterwards, and say where to log in
  --events FILE  serve the audit records of FILE (one JSON object a line) instead of generated ones
`;

/** @throws Error for options it does not know */
export function parseOptions(args: string[]): DemoOptions {
	const { values } = parseArgs({
		args,
		options: {
			open: { type: 'boolean', default: false },
			events: { type: 'string' },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	const { open, events: eventsFile, help } = values;
	return { open, help, ...(eventsFile !== undefined && { eventsFile }) };
}
