import { parseArgs } from 'node:util';

export interface FaultOptions {
	/** A selection for CI instead of the whole matrix. */
	short: boolean;
	/** Of that selection. */
	seed: number;
	/** Only cells whose description matches. */
	only?: RegExp;
	/** Prints every cell. */
	list: boolean;
	/** Brings the table in docs/reliability.md up to date. */
	write: boolean;
	help: boolean;
}

export const HELP = `npm run test:faults -- [options]

Every operation of the action node and the trigger, in n8n's engine on virtual time, under every fault that the
simulated tenant can produce, at every moment at which it can strike. A cell is good if everything that could be
fetched arrived once or was told, if all arrived once the fault was over, and if every message says clearly what
happened and what to do, without secret or token. Exits with 1 if one is not.

  --short        a selection in which every fault, operation and moment occurs: some three minutes
  --seed N       which selection (1)
  --only PATTERN only cells that match, such as "connection reset.*Trigger"
  --list         prints every cell
  --write        writes the table into docs/reliability.md
`;

/** @throws Error for options it does not know, and for values that make no sense */
export function parseOptions(args: string[]): FaultOptions {
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		args,
		options: {
			short: flag,
			seed: { type: 'string', default: '1' },
			only: { type: 'string' },
			list: flag,
			write: flag,
			help: { ...flag, short: 'h' },
		},
	});
	const seed = Number(values.seed);
	if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number, not "${values.seed}"`);
	if (values.write && values.only) throw new Error('--write does not go with --only');
	return {
		short: values.short,
		seed,
		list: values.list,
		write: values.write,
		help: values.help,
		...(values.only === undefined ? {} : { only: new RegExp(values.only, 'i') }),
	};
}
