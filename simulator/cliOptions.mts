import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ScenarioName } from './scenarios.mts';
import type { SimulatorOptions } from './types.mts';

export interface CliOptions {
	help: boolean;
	quiet: boolean;
	caFile: string;
	simulator: SimulatorOptions;
}

/** Reads the command line. Throws, with a sentence for the user, on what it does not understand. */
export function readCliOptions(args: string[]): CliOptions {
	const { values } = parseArgs({
		args,
		strict: true,
		options: {
			help: { type: 'boolean', default: false },
			quiet: { type: 'boolean', default: false },
			scenario: { type: 'string', multiple: true },
			seed: { type: 'string' },
			blobs: { type: 'string' },
			'events-per-blob': { type: 'string' },
			days: { type: 'string' },
			events: { type: 'string' },
			'new-blobs': { type: 'string' },
			port: { type: 'string' },
			host: { type: 'string' },
			tls: { type: 'boolean', default: false },
			'ca-file': { type: 'string', default: path.join(tmpdir(), 'simulator-ca.pem') },
			quota: { type: 'string' },
			latency: { type: 'string' },
			tenant: { type: 'string' },
			'client-id': { type: 'string' },
			'client-secret': { type: 'string' },
			roles: { type: 'string' },
			subscriptions: { type: 'string' },
			fault: { type: 'string', multiple: true },
		},
	});
	const [mean, jitter] = (values.latency ?? '').split(',');
	const quota = number('quota', values.quota);
	const newBlobs = number('new-blobs', values['new-blobs']);
	const given: SimulatorOptions = {
		tls: values.tls,
		faults: readFaults(values.fault ?? []),
		...defined({
			scenario: values.scenario?.flatMap((names) => names.split(',')) as ScenarioName[] | undefined,
			seed: number('seed', values.seed),
			blobs: number('blobs', values.blobs),
			eventsPerBlob: number('events-per-blob', values['events-per-blob']),
			days: number('days', values.days),
			events: values.events === undefined ? undefined : readNdjson(values.events),
			newBlobs: newBlobs === undefined ? undefined : { everyMs: newBlobs * 1000 },
			port: number('port', values.port),
			host: values.host as SimulatorOptions['host'],
			quota:
				quota === undefined ? undefined : quota === 0 ? null : { requests: quota, perMs: 60_000 },
			latencyMs: mean
				? { mean: number('latency', mean) ?? 0, jitter: number('latency', jitter) ?? 0 }
				: undefined,
			tenantId: values.tenant,
			clientId: values['client-id'],
			clientSecret: values['client-secret'],
			grantedRoles: values.roles?.split(',').filter(Boolean),
			subscriptions: subscriptionState(values.subscriptions),
		}),
	};
	return { help: values.help, quiet: values.quiet, caFile: values['ca-file'], simulator: given };
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>;
	};
}

function number(name: string, text: string | undefined): number | undefined {
	if (text === undefined || text === '') return undefined;
	const value = Number(text);
	if (!(value >= 0)) throw new Error(`--${name} takes a number, not "${text}"`);
	return value;
}

function subscriptionState(
	text: string | undefined,
): 'enabled' | 'disabled' | 'missing' | undefined {
	if (text === undefined || text === 'enabled' || text === 'disabled' || text === 'missing')
		return text;
	throw new Error(`--subscriptions takes enabled, disabled or missing, not "${text}"`);
}

/** Left as texts: the simulator converts and checks them. */
function readFaults(pairs: string[]): NonNullable<SimulatorOptions['faults']> {
	return Object.fromEntries(
		pairs.map((pair) => {
			const mark = pair.indexOf('=');
			if (mark < 1) throw new Error(`--fault takes NAME=VALUE, not "${pair}"`);
			return [pair.slice(0, mark), pair.slice(mark + 1)];
		}),
	);
}

/**
 * The lines of the file as they are, so that they are served byte for byte. A relative path counts from the folder in which
 * npm was called.
 */
function readNdjson(file: string): string[] {
	const lines = readFileSync(path.resolve(process.env['INIT_CWD'] ?? '', file), 'utf8')
		.replace(/^\ufeff/, '')
		.split(/\r?\n/);
	return lines.flatMap((line, i) => {
		const text = line.trim();
		if (text === '') return [];
		try {
			JSON.parse(text);
		} catch (error) {
			throw new Error(`${file}, line ${i + 1} is not JSON: ${(error as Error).message}`);
		}
		return [text];
	});
}
