import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { FETCH_ALL, FETCH_NODE, fetchWorkflow } from '../../scripts/fetchWorkflow.mts';
import { createCredential } from '../../scripts/n8n/credentials.mts';
import type { StoredCredential } from '../../scripts/n8n/credentials.mts';
import { runWorkflow } from '../../scripts/n8n/executions.mts';
import type { Execution } from '../../scripts/n8n/executions.mts';
import type { RunningN8n } from '../../scripts/n8n/index.mts';
import { importWorkflow, readWorkflow, useCredential } from '../../scripts/n8n/workflows.mts';
import type { WorkflowFile } from '../../scripts/n8n/workflows.mts';
import { ROOT } from '../../scripts/package.mts';
import {
	ACTION_NODE,
	countDistinct,
	CREDENTIAL_TYPE,
	credentialFor,
	PACKAGE_NAME,
	servedRecords,
} from '../../scripts/simulatedTenant.mts';
import { startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import { START_TIMEOUT_MS, startRealN8n } from './support/realN8n.mts';

const EXAMPLES = join(ROOT, 'examples');
const MANUAL_TRIGGER = 'n8n-nodes-base.manualTrigger';

interface NodeType {
	name: string;
	displayName: string;
	usableAsTool?: boolean;
}

describe('The package, installed from its tarball in a real n8n', () => {
	let n8n: RunningN8n;
	let simulator: Simulator;
	let credential: StoredCredential;

	beforeAll(async () => {
		// Six days, so that nothing falls off the API's seven while the tests run.
		const faults = { duplicateEvents: 0.1, pageSize: 7 };
		simulator = await startSimulator({ blobs: 40, eventsPerBlob: 8, days: 6, faults });
		n8n = await startRealN8n();
		const data = credentialFor(simulator);
		credential = await createCredential(n8n.session, CREDENTIAL_TYPE, 'Simulated', data);
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await n8n?.close();
		await simulator?.close();
	});

	async function run(workflow: WorkflowFile): Promise<Execution> {
		const stored = await importWorkflow(n8n.session, workflow);
		const trigger = workflow.nodes.find(({ type }) => type === MANUAL_TRIGGER);
		return await runWorkflow(n8n.session, stored, trigger?.name ?? '');
	}

	/** A list of types as the editor fetches it. */
	async function types(kind: 'nodes' | 'credentials'): Promise<NodeType[]> {
		const response = await fetch(`${n8n.server.url}/types/${kind}.json`, {
			headers: n8n.session.headers(),
		});
		return (await response.json()) as NodeType[];
	}

	it('brings its nodes to the editor', async () => {
		const ours = (await types('nodes')).filter(({ name }) => name.startsWith(`${PACKAGE_NAME}.`));
		expect(ours).toContainEqual(
			expect.objectContaining({ name: ACTION_NODE, displayName: 'Office 365 Management' }),
		);
	});

	it('offers the action node to AI agents as a tool', async () => {
		expect((await types('nodes')).map(({ name }) => name)).toContain(`${ACTION_NODE}Tool`);
	});

	it('brings its credential to the editor', async () => {
		const names = (await types('credentials')).map(({ name }) => name);
		expect(names).toContain(CREDENTIAL_TYPE);
	});

	it('delivers every event of the tenant once, and breaks no rule of the API', async () => {
		simulator.ledger.forgetDelivered();
		const execution = await run(fetchWorkflow(credential, { ...FETCH_ALL, simplify: false }));
		expect(execution.status).toBe('success');
		const items = execution.items[FETCH_NODE] ?? [];
		simulator.ledger.recordDelivered(items.map(({ json }) => json));
		const { lost, repeated, unknown, violations, eventsServed } = simulator.ledger.verdict();
		expect({ lost, repeated, unknown, violations }).toEqual({
			lost: [],
			repeated: [],
			unknown: [],
			violations: [],
		});
		expect(eventsServed).toBe(countDistinct(servedRecords(simulator)));
		expect(items).toHaveLength(eventsServed);
	});

	it('keeps secret and token out of what n8n stores of an execution', async () => {
		const { stored } = await run(fetchWorkflow(credential, FETCH_ALL));
		expect(stored).not.toContain(simulator.tenant.clientSecret);
		expect(stored).not.toMatch(/eyJ[\w-]{20}/);
		expect(stored).not.toContain('Bearer ');
	});

	describe('examples/', () => {
		const files = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'));

		it.each(files)('%s is imported as it is, with all its node types known', async (file) => {
			const workflow = await readWorkflow(join(EXAMPLES, file));
			const known = new Set((await types('nodes')).map(({ name }) => name));
			const unknown = workflow.nodes.map(({ type }) => type).filter((type) => !known.has(type));
			expect(unknown.filter((type) => type !== 'n8n-nodes-base.stickyNote')).toEqual([]);
			const { id, nodes } = await importWorkflow(n8n.session, workflow);
			expect(id).toBeTruthy();
			expect(nodes).toHaveLength(workflow.nodes.length);
		});

		async function runExample(file: string): Promise<Execution> {
			const workflow = await readWorkflow(join(EXAMPLES, file));
			return await run(useCredential(workflow, credential, PACKAGE_NAME));
		}

		it('check-setup.json finds a healthy tenant healthy', async () => {
			const { items, status } = await runExample('check-setup.json');
			expect(status).toBe('success');
			const checks = (items['One Item per Check'] ?? []).map(({ json }) => json);
			expect(checks.length).toBeGreaterThan(2);
			expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
		});

		it('audit-events-last-7-days.json delivers every event of the tenant once', async () => {
			simulator.ledger.forgetDelivered();
			const { items, status } = await runExample('audit-events-last-7-days.json');
			expect(status).toBe('success');
			const delivered = (items['Get Audit Events'] ?? []).map(({ json }) => json);
			simulator.ledger.recordDelivered(delivered);
			expect(simulator.ledger.verdict()).toMatchObject({ ok: true });
			expect(delivered).toHaveLength(countDistinct(servedRecords(simulator)));
		});

		it('failed-sign-ins-by-user.json counts failed sign-ins, most affected user first', async () => {
			for (const user of ['ann@example.com', 'bob@example.com', 'bob@example.com']) {
				simulator.feed.addBlob({
					contentType: 'Audit.AzureActiveDirectory',
					createdMs: Date.now() - 60_000,
					events: [failedSignIn(user)],
				});
			}
			const { items, status, error } = await runExample('failed-sign-ins-by-user.json');
			expect(error).toBeUndefined();
			expect(status).toBe('success');
			const rows = (items['Most First'] ?? []).map(({ json }) => json);
			const counts = rows.map((row) => Number(row['count_Id']));
			expect(counts).toEqual([...counts].sort((a, b) => b - a));
			expect(rows).toContainEqual(
				expect.objectContaining({ UserId: 'bob@example.com', count_Id: 2 }),
			);
		});

		it('audit-log-as-file.json makes a compressed file', async () => {
			const { items, status } = await runExample('audit-log-as-file.json');
			expect(status).toBe('success');
			const [item] = items['Get Audit Log File'] ?? [];
			expect(Object.values(item?.binary ?? {})).toEqual([
				expect.objectContaining({ fileName: expect.stringMatching(/\.gz$/) }),
			]);
		});
	});

	describe('the HTTP Request node with our credential', () => {
		const request = (url: string): WorkflowFile => {
			const workflow = fetchWorkflow(credential, {});
			const nodes = workflow.nodes.map((node) =>
				node.name === FETCH_NODE
					? {
							...node,
							type: 'n8n-nodes-base.httpRequest',
							typeVersion: 4.2,
							parameters: {
								url,
								authentication: 'predefinedCredentialType',
								nodeCredentialType: CREDENTIAL_TYPE,
							},
						}
					: node,
			);
			return { ...workflow, nodes };
		};
		const path = () => `/api/v1.0/${simulator.tenant.tenantId}/activity/feed/subscriptions/list`;

		it('reaches the configured API host', async () => {
			const { status, items } = await run(request(`${simulator.url}${path()}`));
			expect(status).toBe('success');
			expect(items[FETCH_NODE]?.[0]?.json).toHaveProperty('contentType');
		});

		it('cannot send the token to a foreign host', async () => {
			const before = simulator.ledger.foreignRequests;
			const { status, error } = await run(request(`${simulator.foreignUrl}${path()}`));
			expect(status).toBe('error');
			expect(JSON.stringify(error)).toContain('signs requests to');
			expect(simulator.ledger.foreignRequests).toBe(before);
			expect(simulator.ledger.foreignRequestsWithToken).toBe(0);
		});
	});
});

function failedSignIn(user: string): Record<string, unknown> {
	return {
		Id: crypto.randomUUID(),
		CreationTime: '2026-01-01T00:00:00',
		RecordType: 15,
		Operation: 'UserLoginFailed',
		Workload: 'AzureActiveDirectory',
		UserId: user,
		UserType: 0,
		ClientIP: '192.0.2.1',
	};
}
