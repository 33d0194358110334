import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Execution } from '../../scripts/n8n/executions.mts';
import { importWorkflow, readWorkflow, useCredential } from '../../scripts/n8n/workflows.mts';
import { ROOT } from '../../scripts/package.mts';
import { countDistinct, PACKAGE_NAME, servedRecords } from '../../scripts/simulatedTenant.mts';
import { connectN8n } from './support/connectN8n.mts';
import type { ConnectedN8n } from './support/connectN8n.mts';
import { START_TIMEOUT_MS } from './support/realN8n.mts';

const EXAMPLES = join(ROOT, 'examples');
const FILES = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'));

describe('examples/ in a real n8n', () => {
	let connected: ConnectedN8n;

	beforeAll(async () => {
		connected = await connectN8n();
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await connected?.close();
	});

	it.each(FILES)('%s is imported as it is, with all its node types known', async (file) => {
		const workflow = await readWorkflow(join(EXAMPLES, file));
		const known = new Set((await connected.types('nodes')).map(({ name }) => name));
		const unknown = workflow.nodes.map(({ type }) => type).filter((type) => !known.has(type));
		expect(unknown.filter((type) => type !== 'n8n-nodes-base.stickyNote')).toEqual([]);
		const { id, nodes } = await importWorkflow(connected.n8n.session, workflow);
		expect(id).toBeTruthy();
		expect(nodes).toHaveLength(workflow.nodes.length);
	});

	async function runExample(file: string): Promise<Execution> {
		const workflow = await readWorkflow(join(EXAMPLES, file));
		return await connected.run(useCredential(workflow, connected.credential, PACKAGE_NAME));
	}

	it('check-setup.json finds a healthy tenant healthy', async () => {
		const { items, status } = await runExample('check-setup.json');
		expect(status).toBe('success');
		const checks = (items['One Item per Check'] ?? []).map(({ json }) => json);
		expect(checks.length).toBeGreaterThan(2);
		expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
	});

	it('audit-events-last-7-days.json delivers every event of the tenant once', async () => {
		connected.simulator.ledger.forgetDelivered();
		const { items, status } = await runExample('audit-events-last-7-days.json');
		expect(status).toBe('success');
		const delivered = (items['Get Audit Events'] ?? []).map(({ json }) => json);
		connected.simulator.ledger.recordDelivered(delivered);
		expect(connected.simulator.ledger.verdict()).toMatchObject({ ok: true });
		expect(delivered).toHaveLength(countDistinct(servedRecords(connected.simulator)));
	});

	it('failed-sign-ins-by-user.json counts failed sign-ins, most affected user first', async () => {
		for (const user of ['ann@example.com', 'bob@example.com', 'bob@example.com']) {
			connected.simulator.feed.addBlob({
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
