import type { EchoedRequest } from '../../../simulator/index.mts';

/** What careless servers and proxies quote of the request they refuse; each makes a body of the request. */
type Echo = (request: EchoedRequest) => unknown;

const authorization = ({ headers }: EchoedRequest) => String(headers['authorization']);
const tokenOf = (request: EchoedRequest) => authorization(request).replace('Bearer ', '');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const apiError = (message: string, code = 'AF99999') => ({ error: { code, message } });

/** Of the API, which was sent the token. */
export const API_ECHOES: Record<string, Echo> = {
	'the header': (request) => apiError(`Refused: Authorization: ${authorization(request)}`),
	'the bare token': (request) => apiError(`The token ${tokenOf(request)} is not for this audience`),
	'the token as code': (request) => apiError('Refused', tokenOf(request)),
	'all headers as JSON': ({ headers }) => ({ Message: `Headers were ${JSON.stringify(headers)}` }),
	'the header in base64': (request) => apiError(`Trace ${base64(authorization(request))}`),
	'the token’s claims alone': (request) => apiError(`Claims ${tokenOf(request).split('.')[1]}`),
	'the token’s signature alone': (request) =>
		apiError(`Signature ${tokenOf(request).split('.')[2]} is bad`),
	'the token over two lines': (request) => apiError(tokenOf(request).replace('.', '.\r\n')),
	'plain text': (request) => `GET ${request.url}\nAuthorization: ${authorization(request)}`,
	'an HTML page': (request) => `<html><pre>${authorization(request)}</pre></html>`,
	'the token in an error that is not one': (request) => ({ error: tokenOf(request) }),
};

const secretOf = ({ body }: EchoedRequest) => new URLSearchParams(body).get('client_secret') ?? '';
const signInError = (error_description: string, more: object = {}) => ({
	error: 'invalid_client',
	error_description,
	error_codes: [99999999],
	...more,
});

/** Of the sign-in host, which was sent the client secret. */
export const SIGN_IN_ECHOES: Record<string, Echo> = {
	'the secret': (request) => signInError(`AADSTS99999999: no such secret: ${secretOf(request)}`),
	'the form as it was sent': ({ body }) => signInError(`Cannot read ${body}`),
	'the form, its escapes in small letters': ({ body }) =>
		signInError(`Cannot read ${body.replace(/%../g, (code) => code.toLowerCase())}`),
	'the secret as JSON': (request) =>
		signInError(`Cannot read ${JSON.stringify({ s: secretOf(request) })}`),
	'the secret as HTML': (request) =>
		signInError(
			`Cannot read ${secretOf(request).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')}`,
		),
	'the secret in base64': (request) =>
		signInError(`Cannot read ${base64(`x:${secretOf(request)}`)}`),
	'the form in base64': ({ body }) => signInError(`Cannot read ${base64(body)}`),
	'the secret cut off': (request) => signInError(`Not known: ${secretOf(request).slice(0, 30)}…`),
	'the secret behind a long text': (request) =>
		signInError(`${'x'.repeat(280)} ${secretOf(request)}`),
	'the secret as error code': (request) => signInError('No.', { error_codes: [secretOf(request)] }),
	'the secret as error': (request) => ({ error: secretOf(request), error_description: '' }),
	'plain text': ({ body }) => `POST ${body}`,
	'an HTML page': ({ body }) => `<html><pre>${body}</pre></html>`,
};
