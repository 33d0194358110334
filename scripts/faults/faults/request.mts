import { deepJson, gatewayPage, gzipBomb } from '../../../simulator/failedBlob.mts';
import { hugeMember, INVALID_UTF8_MEMBER } from '../../../simulator/member.mts';
import type { ScriptedAnswer } from '../../../simulator/scriptedFaults.mts';
import { NETWORK_FAULTS, type NetworkFault } from '../../../test/engine/support/network.mts';
import type { Fault, Scene, Strike } from '../types.mts';

type Script = ScriptedAnswer | ((scene: Scene) => ScriptedAnswer);

export const times = ({ duration }: Strike) => (duration === 'once' ? 1 : Infinity);

/** A fault that scripts what is answered. */
export function scripted(name: string, script: Script, more: Partial<Fault> = {}): Fault {
	return {
		name,
		target: 'request',
		begin(scene, strike) {
			const answer = typeof script === 'function' ? script(scene) : script;
			return scene.stage.sim.failNext({ ...strike.requests, times: times(strike) }, answer);
		},
		...more,
	};
}

/** The real answer, with one member more. */
const member = (name: string, text: () => string | Buffer, more: Partial<Fault> = {}) =>
	scripted(name, () => ({ member: text() }), { durations: ['lasting'], ...more });

const error = (status: number, code: string, message: string): ScriptedAnswer => ({
	status,
	body: { error: { code, message } },
});
const page = (status: number): ScriptedAnswer => ({
	status,
	headers: { 'Content-Type': 'text/html' },
	body: gatewayPage(),
});
const throttled = (status: number, retryAfter?: string): ScriptedAnswer => ({
	...error(status, 'AF429', 'Too many requests. Method=GET, PublisherId=11111111-2222-4333-8444-555555555555'),
	...(retryAfter === undefined ? {} : { headers: { 'Retry-After': retryAfter } }),
});

const CONNECTION: readonly Fault[] = [
	scripted('connection reset', { connection: 'reset' }, { covers: ['resets', 'reset'] }),
	scripted('no answer', { connection: 'silence' }, { hangs: true, covers: ['silence'] }),
	scripted('an answer that is no HTTP', { connection: 'notHttp' }, { covers: ['notHttp'] }),
	scripted('stall in the middle of a body', { connection: 'stall' }, { stalls: true, hangs: true, covers: ['stall'] }),
	scripted('slow drip', { connection: 'slowDrip' }, { durations: ['once'], covers: ['slowDrip'] }),
	scripted('body cut off', { connection: 'truncate' }, { covers: ['truncate'] }),
	scripted('reset in the middle of a body', { connection: 'resetInBody' }, { covers: ['resetInBody'] }),
	scripted('wrong content length', { connection: 'wrongContentLength' }, { covers: ['wrongContentLength'] }),
	scripted('headers of 8 KB', { headers: { 'X-Huge': 'x'.repeat(8_000) } }, { covers: ['hugeHeaderBytes'] }),
	scripted('headers of 64 KB', { headers: { 'X-Huge': 'x'.repeat(64_000) } }, { covers: ['hugeHeaderBytes'] }),
];

const BODY: readonly Fault[] = [
	scripted('empty body', { body: '' }, { only: ({ name }) => !name.endsWith('> Stop') }),
	scripted('text instead of JSON', { body: 'OK' }),
	scripted('a page with status 200', { ...page(200) }),
	scripted('an error object with status 200', { ...error(200, 'AF50000', 'Internal error. Retry the request.') }),
	scripted('half of the JSON', { body: '[{"contentId":"2026' }),
	scripted('JSON 10,000 deep', () => ({ body: deepJson() })),
	scripted('gzip bomb', () => ({ headers: { 'Content-Encoding': 'gzip' }, body: gzipBomb() }), { isCostly: true }),
	scripted('gzip that is none', { headers: { 'Content-Encoding': 'gzip' } }),
	scripted('an error page of 50 MB', () => ({ status: 500, body: 'x'.repeat(50 * 1024 * 1024) }), {
		durations: ['once'],
	}),
];

const MEMBERS: readonly Fault[] = [
	member(
		'members __proto__, constructor and toString',
		() => '"__proto__":{"polluted":true,"value":[]},"constructor":{"prototype":{"polluted":true}},"toString":1',
	),
	member('numbers beyond 2^53', () => '"Big":9007199254740993,"Bigger":1e400,"Negative":-123456789012345678901'),
	member('NUL bytes and lone surrogates', () => '"Odd\\u0000":"a\\u0000b\\ud800"'),
	member('invalid UTF-8', () => INVALID_UTF8_MEMBER),
	member('a string of 50 MB', hugeMember, { durations: ['once'] }),
];

const STATUS: readonly Fault[] = [
	scripted('500 AF50000', error(500, 'AF50000', 'An internal error occurred.'), { covers: ['internalErrors'] }),
	scripted('503 page', { ...page(503) }),
	scripted('503, Retry-After of a year', { ...page(503), headers: { 'Retry-After': '31536000' } }),
	scripted('504 page', page(504)),
	scripted('408', { status: 408, body: '' }),
	scripted('400 with a stack trace', {
		status: 400,
		body: {
			error: {
				code: 'AF99999',
				message:
					'Object reference not set to an instance of an object.\r\n   at Microsoft.Office.Audit.Controller.Get(String id) in C:\\src\\Controller.cs:line 42\r\n   at lambda_method(Closure)',
			},
		},
	}),
	scripted('404 page', { status: 404, headers: { 'Content-Type': 'text/html' }, body: '<h1>Not Found</h1>' }),
	scripted('401', { status: 401, body: { Message: 'Authorization has been denied for this request.' } }),
	scripted('401 as text', { status: 401, body: 'Unauthorized' }, { covers: ['unauthorizedBody'] }),
	scripted('403 AF10001', error(403, 'AF10001', 'The permission set (ActivityFeed.ReadDlp) sent in the request did not include the expected permission.'), {
		covers: ['missingRoleStatus'],
	}),
	scripted('403 without a code', { status: 403, body: 'Forbidden' }),
];

const THROTTLING: readonly Fault[] = [
	scripted('429', throttled(429), { covers: ['throttledRequests', 'throttleStatus'] }),
	scripted('403 AF429', throttled(403)),
	scripted('429, Retry-After 30', throttled(429, '30'), { covers: ['retryAfter'] }),
	scripted('429, Retry-After of a year', throttled(429, '31536000')),
	scripted('429, Retry-After negative', throttled(429, '-5')),
	scripted('429, Retry-After garbage', throttled(429, 'soon, perhaps; \u00fc')),
	scripted('429, Retry-After in the past', throttled(429, 'Fri, 31 Dec 1999 23:59:59 GMT')),
];

const redirect = (name: string, status: number, to: (scene: Scene) => string): Fault =>
	scripted(name, (scene) => ({ status, headers: { Location: to(scene) }, body: '' }));

const REDIRECTS: readonly Fault[] = [
	redirect('302 to another host', 302, ({ stage }) => `${stage.sim.foreignUrl}/api/v1.0/x`),
	redirect('307 to another host', 307, ({ stage }) => `${stage.sim.foreignUrl}/api/v1.0/x`),
	redirect('308 to the same address', 308, () => ''),
];

export const NETWORK_NAMES: Record<NetworkFault, string> = {
	nameNotFound: 'DNS: no such name',
	nameServiceDown: 'DNS does not answer',
	refused: 'connection refused',
	connectTimeout: 'connect timeout',
};

const NETWORK: readonly Fault[] = NETWORK_FAULTS.map((fault) => ({
	name: NETWORK_NAMES[fault],
	target: 'request',
	covers: [fault],
	...(fault === 'connectTimeout' ? { hangs: true } : {}),
	begin: ({ network }, strike) =>
		network.failNext({ ...strike.requests, times: times(strike) }, fault),
}));

/** Faults that any request can meet. */
export const REQUEST_FAULTS: readonly Fault[] = [
	...NETWORK,
	...CONNECTION,
	...BODY,
	...MEMBERS,
	...STATUS,
	...THROTTLING,
	...REDIRECTS,
];
