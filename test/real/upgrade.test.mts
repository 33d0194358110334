import { eventKey } from '../../simulator/ledger.mts';
import { startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import { inOneLine, node, triggerParameters, withCredential } from '../../scripts/crash/workflow.mts';
import { listRuns } from '../../scripts/crash/runs.mts';
import { createCredential } from '../../scripts/n8n/credentials.mts';
import { readExecution } from '../../scripts/n8n/executions.mts';
import { installN8n } from '../../scripts/n8n/install.mts';
import { signIn } from '../../scripts/n8n/rest.mts';
import type { RestSession } from '../../scripts/n8n/rest.mts';
import { startServer } from '../../scripts/n8n/server.mts';
import type { N8nServer } from '../../scripts/n8n/server.mts';
import { createUserFolder, installPackage } from '../../scripts/n8n/userFolder.mts';
import type { UserFolder } from '../../scripts/n8n/userFolder.mts';
import { chosenVersion } from '../../scripts/n8n/versions.mts';
import { activateWorkflow, importWorkflow } from '../../scripts/n8n/workflows.mts';
import type { StoredWorkflow } from '../../scripts/n8n/workflows.mts';
import { packPackage } from '../../scripts/package.mts';
import { packRelease, previousRelease } from '../../scripts/previousPackage.mts';
import {
	CREDENTIAL_TYPE,
	credentialFor,
	PACKAGE_NAME,
	servedRecords,
} from '../../scripts/simulatedTenant.mts';
import { START_TIMEOUT_MS } from './support/realN8n.mts';

const TEST_TIMEOUT_MS = 3 * START_TIMEOUT_MS;
const COLLECT_TIMEOUT_MS = 180_000;

/** In a copy without git's history there is no other release: then the package is only installed anew. */
const release = previousRelease();

describe(`An upgrade of the package in a real n8n, from ${release ?? 'the same release'}`, () => {
	let simulator: Simulator;
	let folder: UserFolder;
	let server: N8nServer | undefined;
	let session: RestSession;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		simulator = await startSimulator({ blobs: 12, eventsPerBlob: 5, days: 1 / 24 });
		folder = await createUserFolder(await installN8n(chosenVersion(), () => {}));
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await server?.stop();
		await folder?.remove();
		await simulator?.close();
	});

	async function start(tarball: string): Promise<void> {
		await installPackage(folder, tarball);
		server = await startServer(await installN8n(chosenVersion(), () => {}), folder);
		session = await signIn(server.url);
	}

	/** Keys of the events of each run, oldest run first. */
	async function delivered(): Promise<string[][]> {
		const runs = (await listRuns(session, workflow)).filter(({ status }) => status === 'success');
		const executions = await Promise.all(
			runs.reverse().map(async ({ id }) => await readExecution(session, id)),
		);
		return executions
			.map(({ items }) => (items['Trigger'] ?? []).map(({ json }) => eventKey(json)))
			.filter((keys) => keys.length > 0);
	}

	const due = () =>
		new Set(servedRecords(simulator).map((text) => eventKey(JSON.parse(text))));

	/** Waits until everything that the tenant has was delivered. */
	async function collect(): Promise<string[][]> {
		const deadline = Date.now() + COLLECT_TIMEOUT_MS;
		for (;;) {
			const runs = await delivered();
			const arrived = new Set(runs.flat());
			const missing = [...due()].filter((key) => !arrived.has(key));
			if (missing.length === 0) return runs;
			if (Date.now() > deadline) throw new Error(`${missing.length} events did not arrive`);
			await new Promise((resolve) => setTimeout(resolve, 1_000));
		}
	}

	it(
		'goes on where the earlier one stopped: nothing lost, and nothing repeated but the last run before it',
		async () => {
			await start(release ? await packRelease(release) : await packPackage());
			const data = credentialFor(simulator);
			const credential = await createCredential(session, CREDENTIAL_TYPE, 'Simulated', data);
			const trigger = {
				...node('Trigger', `${PACKAGE_NAME}.office365ManagementTrigger`, 1),
				parameters: triggerParameters({ maxEventsPerExecution: 8 }),
				...withCredential(credential),
			};
			const noOp = node('Done', 'n8n-nodes-base.noOp', 1);
			workflow = await importWorkflow(session, inOneLine('Upgrade', [trigger, noOp]));
			await activateWorkflow(session, workflow);
			const before = await collect();
			expect(before.length).toBeGreaterThan(5);
			await server?.stop();

			for (let i = 0; i < 4; i++) simulator.feed.addBlob({ contentType: 'Audit.Exchange' });
			await start(await packPackage());
			const after = (await collect()).slice(before.length);

			// n8n stores the end of a run with the next one.
			const mayRepeat = new Set(before.at(-1));
			const known = new Set(before.flat());
			expect(after.flat().filter((key) => known.has(key) && !mayRepeat.has(key))).toEqual([]);
			expect(simulator.ledger.violations).toEqual([]);
		},
		TEST_TIMEOUT_MS,
	);
});
