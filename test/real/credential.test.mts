import {
	createCredential,
	editCredential,
	readCredential,
	STORED_VALUE,
	testCredential,
} from '../../scripts/n8n/credentials.mts';
import type {
	CredentialData,
	StoredCredential,
	TestResult,
} from '../../scripts/n8n/credentials.mts';
import { freePort } from '../../scripts/n8n/freePort.mts';
import type { RunningN8n } from '../../scripts/n8n/index.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../../scripts/simulatedTenant.mts';
import { startSimulator } from '../../simulator/index.mts';
import type { Simulator, SimulatorOptions } from '../../simulator/types.mts';
import { refusalSentence, SAVES_INCOMPLETE_CREDENTIALS } from '../n8nVersion.mts';
import { START_TIMEOUT_MS, startRealN8n } from './support/realN8n.mts';

const UNKNOWN_GUID = '11111111-2222-4333-8444-555555555555';
const SUCCESS = { status: 'OK', message: 'Connection successful!' };

describe('The credential’s test in a real n8n', () => {
	let n8n: RunningN8n;
	let tenant: Simulator;
	const simulators: Simulator[] = [];

	async function startTenant(options: SimulatorOptions = {}): Promise<Simulator> {
		const simulator = await startSimulator({ blobs: 1, ...options });
		simulators.push(simulator);
		return simulator;
	}

	async function save(data: CredentialData): Promise<StoredCredential> {
		return await createCredential(n8n.session, CREDENTIAL_TYPE, 'Under test', data);
	}

	const press = async (credential: StoredCredential) =>
		await testCredential(n8n.session, credential);

	/** Fills in the form for the tenant, with these changes, saves it, and presses the test. */
	async function testWith(changes: CredentialData, simulator = tenant): Promise<TestResult> {
		return await press(await save({ ...credentialFor(simulator), ...changes }));
	}

	beforeAll(async () => {
		tenant = await startTenant();
		n8n = await startRealN8n();
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await n8n?.close();
		for (const simulator of simulators) await simulator.close();
	});

	it('says that the connection works when everything is right', async () => {
		expect(await testWith({})).toEqual(SUCCESS);
	});

	it('accepts values pasted with blanks around them', async () => {
		const { tenantId, clientId, clientSecret } = tenant.tenant;
		const pasted = {
			tenantId: ` ${tenantId} `,
			clientId: `${clientId}\n`,
			clientSecret: ` ${clientSecret}`,
		};
		expect(await testWith(pasted)).toEqual(SUCCESS);
	});

	it.each([
		{
			what: 'a wrong secret',
			changes: { clientSecret: 'the-id-of-the-secret' },
			sentence: /Client Secret is not valid.*Value.*AADSTS7000215/,
		},
		{
			what: 'an unknown app',
			changes: { clientId: UNKNOWN_GUID },
			sentence: /app was not found in this tenant.*Client ID.*AADSTS700016/,
		},
		{
			what: 'an unknown tenant',
			changes: { tenantId: UNKNOWN_GUID },
			sentence: /tenant was not found.*Tenant ID.*AADSTS90002/,
		},
		{
			what: 'a malformed tenant ID',
			changes: { tenantId: 'contoso.onmicrosoft.com' },
			sentence: /Tenant ID.*GUID/i,
		},
		{
			what: 'an API URL without encryption',
			changes: { apiUrl: 'http://manage.example.com' },
			sentence: /https/,
		},
	])('names $what and what to do', async ({ changes, sentence }) => {
		const { status, message } = await testWith(changes);
		expect(status).toBe('Error');
		expect(message).toMatch(sentence);
	});

	it('names an empty secret', async () => {
		const test = testWith({ clientSecret: '' });
		if (SAVES_INCOMPLETE_CREDENTIALS) expect((await test).message).toMatch(/Client Secret/);
		else await expect(test).rejects.toThrow(/clientSecret.*mandatory/);
	});

	it('names an expired secret and what to do', async () => {
		const expired = await startTenant({ secretState: 'expired' });
		const { status, message } = await testWith({}, expired);
		expect(status).toBe('Error');
		expect(message).toMatch(/Client Secret has expired.*AADSTS7000222/);
	});

	it('names a missing permission and where to grant it', async () => {
		const withoutConsent = await startTenant({ grantedRoles: [] });
		const { status, message } = await testWith({}, withoutConsent);
		expect(status).toBe('Error');
		expect(message).toMatch(refusalSentence(/ActivityFeed\.Read.*consent/s));
	});

	it('names the sign-in host when it cannot be reached', async () => {
		const host = `127.0.0.1:${await freePort()}`;
		const { status, message } = await testWith({ loginUrl: `http://${host}` });
		expect(status).toBe('Error');
		expect(message).toContain(`The sign-in host ${host} cannot be reached`);
	});

	it('never shows a secret or a token: neither in its answer, nor in the form, nor in n8n’s log', async () => {
		const { clientSecret } = tenant.tenant;
		const credential = await save(credentialFor(tenant));
		const answers = [
			await press(credential),
			await readCredential(n8n.session, credential),
			await testWith({ tenantId: UNKNOWN_GUID }),
		];
		const shown = `${JSON.stringify(answers)}${n8n.server.log()}`;
		expect(shown).not.toContain(clientSecret);
		// How every JSON Web Token begins: {"
		expect(shown).not.toMatch(/eyJ[\w-]{20}/);
	});

	it('judges one credential by what is in its form now, through a whole series of edits', async () => {
		const credential = await save(credentialFor(tenant));
		const edit = async (changes: CredentialData): Promise<TestResult> => {
			await editCredential(n8n.session, credential, changes);
			return await press(credential);
		};
		expect(await press(credential)).toEqual(SUCCESS);
		// The token is stored by now, and the editor sends it back as it was shown.
		expect(await readCredential(n8n.session, credential)).toMatchObject({
			accessToken: STORED_VALUE,
		});

		expect((await edit({ clientSecret: 'wrong' })).message).toMatch(/AADSTS7000215/);
		expect(await edit({ clientSecret: tenant.tenant.clientSecret })).toEqual(SUCCESS);

		const other = await startTenant({ seed: 2, grantedRoles: [] });
		const refused = await edit(credentialFor(other));
		expect(refused.message).toMatch(refusalSentence(/ActivityFeed\.Read/));

		other.tenantState.grantedRoles.push('ActivityFeed.Read');
		expect(await press(credential)).toEqual(SUCCESS);
	});
});
