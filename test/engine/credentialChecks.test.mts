import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { createEmptyStage, type Stage, type StageOptions } from './support/stage.mts';

describe('The fields of the credential', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const stored = () => stage.engine.readCredential(stage.credentialId);
	const press = async () => await stage.engine.testCredential(stage.credentialId);

	/** As the editor saves it: the fields change, the hidden ones stay. */
	const edit = (change: Record<string, unknown>) =>
		stage.engine.setCredential(
			{ ...stored(), ...change } as ICredentialDataDecryptedObject,
			stage.credentialId,
		);

	describe('is checked before any request', () => {
		test.each<[string, ICredentialDataDecryptedObject, RegExp]>([
			['no Client ID', { clientId: ' ' }, /Client ID is empty/],
			['no Tenant ID', { tenantId: '' }, /Tenant ID is empty/],
			['a Tenant ID that is no GUID', { tenantId: 'contoso.com' }, /Tenant ID is not a GUID/],
			['a Tenant ID with a path', { tenantId: '../common' }, /Tenant ID is not a GUID/],
			['no Client Secret', { clientSecret: '' }, /Client Secret is empty/],
			['a Publisher ID that is no GUID', { publisherId: 'me' }, /Publisher ID is not a GUID/],
			['an unknown cloud', { cloud: 'moon' }, /Cloud .*moon.* not known/],
			['no API URL', { apiUrl: '' }, /API URL is not a web address/],
			[
				'plain http to another machine',
				{ apiUrl: 'http://192.0.2.1' },
				/API URL must start with https/,
			],
			[
				'plain http sign-in',
				{ loginUrl: 'http://login.example' },
				/Login URL must start with https/,
			],
			[
				'a host that only begins like loopback',
				{ apiUrl: 'http://127.0.0.1.example.com' },
				/https/,
			],
			['an API URL with a path', { apiUrl: 'http://127.0.0.1/x' }, /only scheme, host and port/],
			['a user name in it', { apiUrl: 'http://a:b@127.0.0.1' }, /only scheme, host and port/],
		])('%s', async (_name, fields, sentence) => {
			await play({ credential: fields });
			const { error } = await stage.getEvents();
			expect(error?.message).toMatch(sentence);
			expect((await press()).message).toMatch(sentence);
			expect(stage.sim.requestLog).toEqual([]);
			expect(stage.sim.ledger.foreignRequests).toBe(0);
		});

		test('blanks around the fields do no harm', async () => {
			await play();
			const padded = Object.entries(stage.credential).map(([name, value]) => [
				name,
				name === 'cloud' ? value : ` ${String(value)}\n`,
			]);
			edit(Object.fromEntries(padded));
			expect((await press()).status).toBe('OK');
			expect((await stage.getEvents()).error).toBeUndefined();
		});

		test('a sign-in host that cannot be reached is named', async () => {
			await play({ credential: { loginUrl: 'http://127.0.0.1:9' } });
			expect((await press()).message).toMatch(/sign-in host 127\.0\.0\.1:9 cannot be reached/);
			expect((await stage.getEvents()).error?.message).toMatch(/127\.0\.0\.1:9 cannot be reached/);
		});

		test.each(['throttled', 'unavailable', 'html', 'notJson'] as const)(
			'a token endpoint that answers nonsense is told: %s',
			async (tokenError) => {
				await play({ faults: { tokenError } });
				const { message } = await press();
				expect(message).toMatch(/sign-in/i);
				expect(message.length).toBeGreaterThan(40);
				expect(message).not.toMatch(/</);
			},
		);
	});
});
