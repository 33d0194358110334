import { classifySignIn, signInUnreachable } from '../../nodes/transport/signInCodes';

const answer = (code: number) => ({
	error: 'invalid_client',
	error_description: `AADSTS${code}: Some words of Microsoft. Trace ID: 1 Correlation ID: 2 Timestamp: 3`,
	error_codes: [code],
});

describe('a refused sign-in', () => {
	it.each([
		[7000215, /Value, not its Secret ID/],
		[7000222, /expired/],
		[700016, /not found in this tenant/],
		[90002, /tenant was not found/],
		[900023, /Tenant ID is not valid/],
		[65001, /admin consent/],
		[7000112, /disabled/],
		[7000216, /not sent or is empty/],
		[500011, /not available in this tenant/],
		[53003, /Conditional Access/],
		[90033, /unavailable/],
	])('AADSTS%d says what to do and keeps the code', (code, sentence) => {
		const failure = classifySignIn(401, answer(code));
		expect(failure).toMatchObject({ kind: 'signIn', code: `AADSTS${code}`, status: 401 });
		expect(failure.message).toMatch(sentence);
		expect(failure.message).toContain(`(AADSTS${code})`);
	});

	it('is known by error_codes alone', () => {
		expect(classifySignIn(400, { error_codes: [7000215] }).code).toBe('AADSTS7000215');
	});

	it('with a code that nobody knows quotes Microsoft without its trace IDs', () => {
		const { message, code } = classifySignIn(400, answer(123));
		expect(code).toBe('AADSTS123');
		expect(message).toContain('“AADSTS123: Some words of Microsoft.”');
		expect(message).not.toMatch(/Trace|Correlation/);
	});

	it.each([
		undefined,
		null,
		'text',
		[],
		{},
		{ error_codes: [] },
		{ error_codes: 'x' },
		{ error_description: null },
	])('with the answer %j still says what to check', (body) => {
		const failure = classifySignIn(400, body);
		expect(failure).toMatchObject({ kind: 'signIn', status: 400 });
		expect(failure.message).toMatch(
			/HTTP 400.*Check Client ID, Client Secret, Tenant ID and Cloud/,
		);
		expect('code' in failure).toBe(false);
	});

	it('that names a built-in key as its code is no known code', () => {
		expect(classifySignIn(400, { error_codes: ['constructor'] }).message).toMatch(
			/refused the sign-in/,
		);
	});

	it.each([400, 503])('whose code is no number is not repeated (HTTP %d)', (status) => {
		const failure = classifySignIn(status, { error_codes: ['the-secret-itself'] });
		expect(JSON.stringify(failure)).not.toContain('the-secret');
	});

	it.each([408, 429, 500, 503])('with HTTP %d passes by itself', (status) => {
		expect(classifySignIn(status, answer(90033))).toMatchObject({ kind: 'transient', status });
	});

	it('that passes by itself says so, with what Microsoft answered', () => {
		expect(classifySignIn(503, answer(90033)).message).toBe(
			'Microsoft’s sign-in is unavailable just now (HTTP 503, AADSTS90033). Try again in a few minutes.',
		);
		expect(classifySignIn(503, '').message).toBe(
			'Microsoft’s sign-in is unavailable just now (HTTP 503). Try again in a few minutes.',
		);
	});

	it('says where the IDs are found', () => {
		expect(classifySignIn(400, answer(90002)).message).toContain(
			'on the overview page of your app registration in Microsoft Entra',
		);
	});

	it('quotes the first line only', () => {
		const body = { error_description: 'AADSTS1: First.\nTrace ID: 1' };
		expect(classifySignIn(400, body).message).toContain('“AADSTS1: First.”');
	});

	it('hides a token that the answer echoes', () => {
		const body = { error_description: `Bearer eyJ${'a'.repeat(30)}.b.c is no good` };
		expect(classifySignIn(400, body).message).not.toContain('aaaa');
	});
});

describe('a sign-in host that cannot be reached', () => {
	it('is named, without a system code that would make n8n replace the sentence', () => {
		const { kind, message } = signInUnreachable('https://login.example:8443');
		expect(kind).toBe('transient');
		expect(message).toContain('login.example:8443');
		expect(message).not.toMatch(/ECONN|ENOTFOUND|EAI_/);
	});

	it('that echoes the secret does not get it into the message, however it spells it', () => {
		const secret = 'a~b c!(d)*é+/=';
		const spellings = [secret, encodeURIComponent(secret), new URLSearchParams({ secret }).toString().slice('secret='.length)];
		for (const spelling of spellings) {
			const body = { error_description: `Bad request: client_secret=${spelling}&scope=x` };
			expect(classifySignIn(400, body, secret).message).toContain('client_secret=[secret]&scope=x');
		}
	});

	it.each([400, 500])('with a secret among its codes does not show it (HTTP %d)', (status) => {
		const failure = classifySignIn(status, { error_codes: ['the-secret'] }, 'the-secret');
		expect(JSON.stringify(failure)).not.toContain('the-secret');
	});

	it('with an object where a text belongs is still told', () => {
		const body = { error_description: { toString: 1 }, error_codes: [{ toString: 1 }] };
		expect(classifySignIn(400, body).message).toMatch(/Check Client ID/);
	});

	it('is told even if the secret cannot be spelt in an address', () => {
		expect(classifySignIn(400, { error_description: 'Words' }, 'a\ud800').message).toContain('Words');
	});
});
