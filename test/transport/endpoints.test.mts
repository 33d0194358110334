import { resolveEndpoints } from '../../nodes/transport/endpoints';

const TENANT = '11111111-2222-3333-4444-555555555555';
const CREDENTIALS = {
	clientId: 'client',
	clientSecret: 's3cret~Value',
	tenantId: TENANT,
	cloud: 'enterprise',
};
const resolve = (change: object) => resolveEndpoints({ ...CREDENTIALS, ...change });
const custom = (apiUrl: string) =>
	resolve({ cloud: 'custom', apiUrl, loginUrl: 'https://login.example' }).apiUrl;

describe('the hosts of a cloud', () => {
	it.each([
		['enterprise', 'https://manage.office.com', 'https://login.microsoftonline.com'],
		['gcc', 'https://manage-gcc.office.com', 'https://login.microsoftonline.com'],
		['gccHigh', 'https://manage.office365.us', 'https://login.microsoftonline.us'],
		['dod', 'https://manage.protection.apps.mil', 'https://login.microsoftonline.us'],
	])('%s', (cloud, apiUrl, loginUrl) => {
		// What custom fields still hold from before must not matter.
		expect(
			resolve({ cloud, apiUrl: 'https://evil.example', loginUrl: 'http://evil.example' }),
		).toMatchObject({ apiUrl, loginUrl });
	});

	it('are the enterprise ones when none is chosen', () => {
		expect(resolve({ cloud: '' }).apiUrl).toBe('https://manage.office.com');
		expect(resolve({ cloud: undefined }).apiUrl).toBe('https://manage.office.com');
	});

	it.each(['china', 'constructor', '__proto__', 'Enterprise'])(
		'are refused for the unknown cloud %s',
		(cloud) => {
			expect(() => resolve({ cloud })).toThrow(/Cloud .* not known/);
		},
	);
});

describe('a custom address', () => {
	it.each([
		['https://api.example', 'https://api.example'],
		[' https://API.example:443/ ', 'https://api.example'],
		['https://api.example:8443', 'https://api.example:8443'],
		['http://localhost:3000', 'http://localhost:3000'],
		['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
		['http://127.9.8.7', 'http://127.9.8.7'],
		['http://127.10.20.30', 'http://127.10.20.30'],
		['http://[::1]:3000', 'http://[::1]:3000'],
		['http://2130706433', 'http://127.0.0.1'],
		['http://127.1', 'http://127.0.0.1'],
		// Over TLS the certificate tells who it is.
		['https://127.0.0.1.evil.com', 'https://127.0.0.1.evil.com'],
	])('%j is the origin %s', (value, origin) => {
		expect(custom(value)).toBe(origin);
	});

	it.each([
		'http://api.example',
		'http://127.0.0.1.evil.com',
		'http://127.evil.com',
		'http://localhost.evil.com',
		'http://evil.com#localhost',
		'http://localhost@evil.com',
		'http://evil-localhost',
		'http://0.0.0.0',
		'http://128.0.0.1',
		'http://10.0.0.1',
		'http://[::ffff:10.0.0.1]',
		'http://[::2]',
		'ftp://localhost',
		'ws://localhost',
		'file:///etc/passwd',
		'javascript:alert(1)',
	])('%s must be https, plain http being for this machine only', (value) => {
		expect(() => custom(value)).toThrow('API URL must start with https://');
		expect(() =>
			resolve({ cloud: 'custom', apiUrl: 'https://api.example', loginUrl: value }),
		).toThrow('Login URL must start with https://');
	});

	it.each([
		'https://user@api.example',
		'https://user:pass@api.example',
		'https://:pass@api.example',
		'https://api.example/path',
		'https://api.example/api/v1.0/',
		'https://api.example?x=1',
		'https://api.example/#x',
		'https://api.example\\evil',
		'https://manage.office.com@evil.example/x',
	])('%s must be scheme, host and port only', (value) => {
		expect(() => custom(value)).toThrow('only scheme, host and port');
	});

	it.each(['', 'manage.office.com', 'https://', 'https://[', '//api.example', 'https://a b'])(
		'%j is no web address',
		(value) => {
			expect(() => custom(value)).toThrow('API URL is not a web address');
		},
	);
});

describe('the other fields', () => {
	it('are trimmed, and the tenant stands in for the publisher', () => {
		expect(
			resolve({ clientId: ' client\n', clientSecret: ' s3cret~Value ', tenantId: ` ${TENANT} ` }),
		).toMatchObject({
			clientId: 'client',
			clientSecret: 's3cret~Value',
			tenantId: TENANT,
			publisherId: TENANT,
		});
		const publisherId = TENANT.replace('1111', '9999');
		expect(resolve({ publisherId }).publisherId).toBe(publisherId);
	});

	it.each([
		[{ clientId: '' }, 'Client ID is empty'],
		[{ clientId: undefined }, 'Client ID is empty'],
		[{ clientSecret: ' ' }, 'Client Secret is empty'],
		[{ clientSecret: 7 }, 'Client Secret is empty'],
		[{ tenantId: '' }, 'Tenant ID is empty'],
		[{ tenantId: 'contoso.onmicrosoft.com' }, 'Tenant ID is not a GUID'],
		[{ tenantId: `${TENANT}/../x` }, 'Tenant ID is not a GUID'],
		[{ tenantId: `{${TENANT}}` }, 'Tenant ID is not a GUID'],
		[{ publisherId: 'me' }, 'Publisher ID is not a GUID'],
		[{ publisherId: `x${CREDENTIALS.tenantId}` }, 'Publisher ID is not a GUID'],
	])('%j: %s', (change, message) => {
		expect(() => resolve(change)).toThrow(message);
	});

	it('are never repeated in a message, since the secret may be in the wrong field', () => {
		const secret = CREDENTIALS.clientSecret;
		const silent = expect.objectContaining({
			message: expect.not.stringContaining(secret) as unknown,
		});
		for (const field of ['tenantId', 'publisherId', 'apiUrl', 'loginUrl']) {
			const change = {
				cloud: 'custom',
				apiUrl: 'https://a.example',
				loginUrl: 'https://b.example',
				[field]: secret,
			};
			expect(() => resolve(change)).toThrow(silent);
		}
	});
});
