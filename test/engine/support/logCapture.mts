import { Writable } from 'node:stream';

import type { Core } from './core.mts';

/** One line as n8n would have printed it in its JSON format. */
export interface LogEntry {
	level: string;
	message: string;
	[metadata: string]: unknown;
}

/** Records every line n8n's logger is given, at debug level, until `stop`. */
export function captureLogs({ internalLogger, winston }: Core): {
	entries: LogEntry[];
	stop(): void;
} {
	const entries: LogEntry[] = [];
	const stream = new Writable({
		decodeStrings: false,
		write(line: string, _encoding, done) {
			entries.push(JSON.parse(line) as LogEntry);
			done();
		},
	});
	const transport = new winston.transports.Stream({ stream, format: winston.format.json() });
	internalLogger.add(transport);
	return { entries, stop: () => internalLogger.remove(transport) };
}
