import { FETCH_ALL, FETCH_NODE, fetchWorkflow } from '../../../scripts/fetchWorkflow.mts';
import type { CredentialData } from '../../../scripts/n8n/credentials.mts';
import { runWorkflow } from '../../../scripts/n8n/executions.mts';
import type { Execution } from '../../../scripts/n8n/executions.mts';
import { importWorkflow } from '../../../scripts/n8n/workflows.mts';
import { httpRequest, listUrl } from './httpRequest.mts';
import type { Stage, Tenant } from './stage.mts';

/** n8n's own fence: the credential's fields "Allowed HTTP Request Domains" and "Allowed Domains". */
export function domains(stage: () => Stage, openTenant: Stage['openTenant']): void {
	const only = (allowedDomains: string): CredentialData => ({
		allowedHttpRequestDomains: 'domains',
		allowedDomains,
	});
	const open = async (changes: CredentialData) =>
		await openTenant(JSON.stringify(changes), {}, changes);

	async function getEvents({ credential }: Tenant): Promise<Execution> {
		const { session } = stage().n8n;
		const stored = await importWorkflow(session, fetchWorkflow(credential, FETCH_ALL));
		return await runWorkflow(session, stored, 'Start');
	}

	it('on the list, both hosts are reached: by our node and by the HTTP Request node', async () => {
		const tenant = await open(only('127.0.0.1'));
		expect((await getEvents(tenant)).items[FETCH_NODE]?.length).toBeGreaterThan(0);
		const { status } = await httpRequest(stage(), tenant.credential, listUrl(tenant.simulator));
		expect(status).toBe('success');
	});

	it('not on the list, the sign-in host is not sent the secret, nor the API host a token', async () => {
		const tenant = await open(only('example.com'));
		expect(JSON.stringify((await getEvents(tenant)).error)).toMatch(/domain/i);
		const { error } = await httpRequest(stage(), tenant.credential, listUrl(tenant.simulator));
		expect(JSON.stringify(error)).toMatch(/domain/i);
		expect(tenant.simulator.issuedTokens()).toEqual([]);
		expect(tenant.simulator.ledger.tokenRequests).toBe(0);
	});

	it('a list opens no host but the credential’s own', async () => {
		const { credential, simulator } = await open(only('127.0.0.1, localhost'));
		const { error } = await httpRequest(stage(), credential, `${simulator.foreignUrl}/collect`);
		expect(JSON.stringify(error)).toContain('signs requests to');
		expect(simulator.ledger.foreignRequests).toBe(0);
	});

	it('None keeps the credential out of the HTTP Request node, not out of ours', async () => {
		const tenant = await open({ allowedHttpRequestDomains: 'none' });
		const { status } = await httpRequest(stage(), tenant.credential, listUrl(tenant.simulator));
		expect(status).toBe('error');
		expect((await getEvents(tenant)).items[FETCH_NODE]?.length).toBeGreaterThan(0);
	});
}
