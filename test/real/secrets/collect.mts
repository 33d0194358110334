import { join } from 'node:path';

import { runCommand } from '../../../scripts/n8n/command.mts';
import { n8nEnvironment } from '../../../scripts/n8n/environment.mts';
import { freePort } from '../../../scripts/n8n/freePort.mts';
import { installN8n } from '../../../scripts/n8n/install.mts';
import { chosenVersion } from '../../../scripts/n8n/versions.mts';
import { valuesOf } from '../../../scripts/secrets/database.mts';
import { filesOf } from '../../../scripts/secrets/places.mts';
import type { Place } from '../../../scripts/secrets/places.mts';
import type { Stage } from './stage.mts';

export const KINDS = {
	executionData: 'execution data',
	staticData: 'static data',
	otherTables: 'other tables of the database',
	databaseFile: 'database file',
	binary: 'binary files',
	console: 'log on the console',
	logFile: 'log file',
	eventLog: 'event log',
	rest: 'REST answers',
	push: 'push messages',
	workflows: 'exported workflows',
	credentials: 'exported credentials',
	otherFiles: 'other files of the user folder',
} as const;

/** By path in n8n's folder. */
function kindOfFile(path: string): string {
	if (/database\.sqlite/.test(path)) return KINDS.databaseFile;
	if (/^\.n8n\/(storage|binaryData)\//.test(path)) return KINDS.binary;
	if (/n8nEventLog/.test(path)) return KINDS.eventLog;
	if (/\.log$/.test(path)) return KINDS.logFile;
	if (/^exported-workflows/.test(path)) return KINDS.workflows;
	if (/^exported-credentials/.test(path)) return KINDS.credentials;
	return KINDS.otherFiles;
}

function kindOfValue(table: string, column: string): string {
	if (/^execution_/.test(table)) return KINDS.executionData;
	return column === 'staticData' ? KINDS.staticData : KINDS.otherTables;
}

/** As a person would: `n8n export:workflow --all`. */
async function exportAll({ n8n }: Stage): Promise<void> {
	const installed = await installN8n(chosenVersion(), () => {});
	const { path, encryptionKey } = n8n.folder;
	const ports = { port: await freePort(), brokerPort: await freePort() };
	const env = {
		...n8nEnvironment({ userFolder: path, encryptionKey, ...ports }),
		...installed.environment,
	};
	for (const [command, file] of [
		['export:workflow', 'exported-workflows.json'],
		['export:credentials', 'exported-credentials.json'],
	] as const) {
		const args = [installed.bin, command, '--all', `--output=${join(path, file)}`];
		await runCommand(process.execPath, args, { cwd: path, env });
	}
}

/** Ends n8n, and returns everything that it stored, printed or sent, before and after. */
export async function collectPlaces(stage: Stage): Promise<Place[]> {
	const { n8n, answers, pushed } = stage;
	const folder = n8n.folder.path;
	const running = await filesOf(folder, kindOfFile);
	await n8n.server.stop();
	await exportAll(stage);
	return [
		...running.map((place) => ({ ...place, name: `${place.name} (while n8n ran)` })),
		...(await filesOf(folder, kindOfFile)),
		...valuesOf(join(folder, '.n8n', 'database.sqlite'), kindOfValue),
		...answers.map(({ call, status, body }) => ({
			kind: KINDS.rest,
			name: `${call} (${status})`,
			bytes: Buffer.from(body),
		})),
		{ kind: KINDS.push, name: 'all', bytes: Buffer.from(pushed.text()) },
		{ kind: KINDS.console, name: 'all', bytes: Buffer.from(n8n.server.log()) },
	];
}
