import { FETCH_ALL, FETCH_NODE, fetchWorkflow } from '../../scripts/fetchWorkflow.mts';
import {
	ACTION_NODE,
	countDistinct,
	CREDENTIAL_TYPE,
	PACKAGE_NAME,
	servedRecords,
} from '../../scripts/simulatedTenant.mts';
import { connectN8n } from './support/connectN8n.mts';
import type { ConnectedN8n } from './support/connectN8n.mts';
import { httpRequestWorkflow } from './support/httpRequestWorkflow.mts';
import { START_TIMEOUT_MS } from './support/realN8n.mts';

describe('The package, installed from its tarball in a real n8n', () => {
	let connected: ConnectedN8n;

	beforeAll(async () => {
		connected = await connectN8n();
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await connected?.close();
	});

	it('brings its nodes to the editor', async () => {
		const ours = (await connected.types('nodes')).filter(({ name }) =>
			name.startsWith(`${PACKAGE_NAME}.`),
		);
		expect(ours).toContainEqual(
			expect.objectContaining({ name: ACTION_NODE, displayName: 'Office 365 Management' }),
		);
	});

	it('offers the action node to AI agents as a tool', async () => {
		expect((await connected.types('nodes')).map(({ name }) => name)).toContain(
			`${ACTION_NODE}Tool`,
		);
	});

	it('brings its credential to the editor', async () => {
		const names = (await connected.types('credentials')).map(({ name }) => name);
		expect(names).toContain(CREDENTIAL_TYPE);
	});

	it('delivers every event of the tenant once, and breaks no rule of the API', async () => {
		connected.simulator.ledger.forgetDelivered();
		const execution = await connected.run(
			fetchWorkflow(connected.credential, { ...FETCH_ALL, simplify: false }),
		);
		expect(execution.status).toBe('success');
		const items = execution.items[FETCH_NODE] ?? [];
		connected.simulator.ledger.recordDelivered(items.map(({ json }) => json));
		const { lost, repeated, unknown, violations, eventsServed } =
			connected.simulator.ledger.verdict();
		expect({ lost, repeated, unknown, violations }).toEqual({
			lost: [],
			repeated: [],
			unknown: [],
			violations: [],
		});
		expect(eventsServed).toBe(countDistinct(servedRecords(connected.simulator)));
		expect(items).toHaveLength(eventsServed);
	});

	it('keeps secret and token out of what n8n stores of an execution', async () => {
		const { stored } = await connected.run(fetchWorkflow(connected.credential, FETCH_ALL));
		expect(stored).not.toContain(connected.simulator.tenant.clientSecret);
		expect(stored).not.toMatch(/eyJ[\w-]{20}/);
		expect(stored).not.toContain('Bearer ');
	});

	describe('the HTTP Request node with our credential', () => {
		const request = (url: string) => httpRequestWorkflow(connected.credential, url);
		const path = () =>
			`/api/v1.0/${connected.simulator.tenant.tenantId}/activity/feed/subscriptions/list`;

		it('reaches the configured API host', async () => {
			const { status, items } = await connected.run(request(`${connected.simulator.url}${path()}`));
			expect(status).toBe('success');
			expect(items[FETCH_NODE]?.[0]?.json).toHaveProperty('contentType');
		});

		it('cannot send the token to a foreign host', async () => {
			const before = connected.simulator.ledger.foreignRequests;
			const { status, error } = await connected.run(
				request(`${connected.simulator.foreignUrl}${path()}`),
			);
			expect(status).toBe('error');
			expect(JSON.stringify(error)).toContain('signs requests to');
			expect(connected.simulator.ledger.foreignRequests).toBe(before);
			expect(connected.simulator.ledger.foreignRequestsWithToken).toBe(0);
		});
	});
});
