import type { FailureKind } from '../../nodes/feed/failure';
import { classifyAnswer, type FailedAnswer } from '../../nodes/transport/classify';
import { meaningOf } from '../../nodes/transport/errorCodes';

const NOW = Date.UTC(2026, 2, 10, 12);
const classify = (answer: Partial<FailedAnswer>) =>
	classifyAnswer({ status: 400, body: '', ...answer }, NOW);
const coded = (code: string, message = 'Microsoft’s words') =>
	JSON.stringify({ error: { code, message } });

const CODES: Array<[string, FailureKind]> = [
	['AF10001', 'permission'],
	['AF20001', 'badRequest'],
	['AF20002', 'badRequest'],
	['AF20003', 'badRequest'],
	['AF20010', 'signIn'],
	['AF20011', 'signIn'],
	['AF20012', 'badRequest'],
	['AF20013', 'signIn'],
	['AF20020', 'badRequest'],
	['AF20021', 'badRequest'],
	['AF20022', 'noSubscription'],
	['AF20023', 'noSubscription'],
	['AF20024', 'badRequest'],
	['AF20030', 'badRequest'],
	['AF20031', 'stalePage'],
	['AF20050', 'contentGone'],
	['AF20051', 'contentGone'],
	['AF20052', 'contentGone'],
	['AF20053', 'badRequest'],
	['AF20054', 'badRequest'],
	['AF20055', 'badRequest'],
	['AF429', 'throttled'],
	['429', 'throttled'],
	['AF50000', 'transient'],
	['AF50005', 'transient'],
	['AF50006', 'transient'],
	['AF50099', 'transient'],
];

describe('an answer with a code', () => {
	it.each(CODES)('%s is %s, whatever status it comes with', (code, kind) => {
		for (const status of [200, 400, 401, 403, 404, 429, 500, 503]) {
			expect(classify({ status, body: coded(code) })).toMatchObject({ kind, code, status });
			expect(classify({ status, body: coded(` ${code.toLowerCase()} `) }).kind).toBe(kind);
			expect(classify({ status, body: JSON.stringify({ code, message: 'x' }) }).kind).toBe(kind);
		}
	});

	it.each(CODES)(
		'%s says what happened in our words, what to do, and keeps Microsoft’s code',
		(code) => {
			const { message, advice } = classify({ body: coded(code) });
			expect(meaningOf(code)!.message).toMatch(/\w+ \w+/);
			expect(message.startsWith(meaningOf(code)!.message)).toBe(true);
			expect(message).not.toContain('Microsoft’s words');
			expect(message).toContain(code.startsWith('AF') ? `(${code}, HTTP 400)` : '(HTTP 400)');
			expect(advice).toMatch(/\w{3}/);
		},
	);

	it('may have the code as a number', () => {
		expect(classify({ status: 403, body: '{"error":{"code":429,"message":"x"}}' }).kind).toBe(
			'throttled',
		);
	});

	it('that is a name of a built-in key is no code', () => {
		for (const code of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
			expect(classify({ status: 500, body: coded(code) }).kind).toBe('transient');
		}
	});

	it('is quoted where nobody knows the code', () => {
		const failure = classify({ body: coded('AF20099', 'Something new.') });
		expect(failure).toMatchObject({ kind: 'badRequest', code: 'AF20099' });
		expect(failure.message).toContain('Something new.');
		expect(failure.message).toContain('AF20099');
	});
});

describe('an answer without a known code goes by its status', () => {
	it.each<[number, FailureKind]>([
		[400, 'badRequest'],
		[401, 'permission'],
		[403, 'permission'],
		[404, 'badRequest'],
		[408, 'transient'],
		[429, 'throttled'],
		[500, 'transient'],
		[502, 'transient'],
		[504, 'transient'],
		[200, 'transient'],
		[302, 'badRequest'],
		[307, 'badRequest'],
		[NaN, 'badRequest'],
	])('%d is %s', (status, kind) => {
		for (const body of [
			'',
			'text',
			'<html><body>x</body></html>',
			'{"Message":"x"}',
			'{}',
			'null',
			'[]',
			'"x"',
			'{"error":null}',
			'{"error":"x"}',
		]) {
			expect(classify({ status, body }).kind).toBe(kind);
		}
	});

	it('404 of a blob means that it is gone', () => {
		expect(classify({ status: 404, body: 'Not Found', isContent: true }).kind).toBe('contentGone');
	});

	it('“too many requests” is throttling under any status', () => {
		expect(
			classify({
				status: 403,
				body: '{"Message":"Too many requests. Method=GetBlob, PublisherId=00000000-0000-0000-0000-000000000000"}',
			}).kind,
		).toBe('throttled');
	});

	it('a redirect is told as one that was not followed', () => {
		expect(classify({ status: 302 }).message).toMatch(/redirected .* not followed/);
	});

	it('401 explains permission, consent and cloud', () => {
		const { advice } = classify({
			status: 401,
			body: '{"Message": "Authorization has been denied for this request."}',
		});
		expect(advice).toMatch(/ActivityFeed\.Read/);
		expect(advice).toMatch(/consent/);
		expect(advice).toMatch(/Cloud/);
	});
});

describe('auditing that is off', () => {
	const tenant = '11111111-2222-3333-4444-555555555555';
	const body = JSON.stringify({
		error: {
			code: `StartSubscription [CorrId=${tenant}] failed. Exception: Microsoft.Office.Compliance.Audit.DataServiceException: Tenant ${tenant} does not exist.`,
			message: `Tenant ${tenant} does not exist.\r\n   at Microsoft.Office.Compliance.Audit.API.AzureManager.<GetSubscriptionTableClientForTenantAsync>d__52.MoveNext()`,
		},
	});

	it('is told by the text, because the code is a whole sentence', () => {
		const failure = classify({ status: 400, body });
		expect(failure).toMatchObject({ kind: 'auditingOff', status: 400 });
		expect(failure.message).toMatch(/audit log .* switched off/);
		expect(failure.advice).toMatch(/60 minutes/);
		expect(failure.code).toBeUndefined();
	});

	it('shows no stack trace', () => {
		expect(JSON.stringify(classify({ body }))).not.toMatch(/MoveNext|CorrId|Exception/);
	});
});

describe('what is quoted', () => {
	it.each(['[{"contentUri":"https://x","contentId":"20', '{"CreationTime":"2026", "UserId":"someone', '["one"]'])(
		'quotes nothing of JSON that is no error: %s',
		(body) => expect(classify({ status: 200, body }).message).not.toContain('Microsoft says'),
	);

	it('has no stack trace, no HTML page and no more than 300 characters', () => {
		const stack = 'Object reference not set.\r\n   at A.B.C()\r\n   at D.E()';
		expect(classify({ body: coded('X', stack) }).message).toContain('“Object reference not set.”');
		expect(classify({ body: coded('X', 'Broken.   at A.B()') }).message).not.toContain('A.B');
		expect(classify({ status: 504, body: '<html>secret page</html>' }).message).not.toMatch(
			/secret|</,
		);
		expect(classify({ body: 'x'.repeat(5_000) }).message.length).toBeLessThan(400);
	});

	it('has no token that a server or proxy echoes, not even a part at the edge of the quote', () => {
		const token = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`;
		for (let padding = 270; padding <= 300; padding++) {
			for (const echo of [
				`Authorization: Bearer ${token}`,
				`token=${token}`,
				`bearer ${token} x`,
			]) {
				const text = `${'y'.repeat(padding)} ${echo}`;
				for (const body of [
					text,
					coded('X', text),
					JSON.stringify({ Message: text }),
					coded(token, text),
				]) {
					expect(JSON.stringify(classify({ body }))).not.toMatch(/eyJ|aaaa|bbbb|cccc/);
				}
			}
		}
	});
});

describe('what a hostile answer says', () => {
	it('is no code of Microsoft’s when it is too long for one', () => {
		for (const code of ['7'.repeat(5_000), `AF${'1'.repeat(40)}`, `${'A'.repeat(400)}1`]) {
			const { message, code: told } = classify({ status: 400, body: coded(code, 'Words') });
			expect(told).toBeUndefined();
			expect(message.length).toBeLessThan(300);
		}
	});

	it('gets into the message without control characters', () => {
		expect(classify({ status: 400, body: coded('x', 'a\u0000b\u001b[31mc\u2028d') }).message).toContain('“a b [31mc d”');
	});

	it('counts only in the first 64 KB', () => {
		expect(classify({ status: 400, body: `${' '.repeat(64 * 1024)}too many requests` }).kind).toBe('badRequest');
	});
});

describe('the wait', () => {
	it('is read from the header or the text', () => {
		expect(classify({ status: 429, retryAfter: '7' }).retryAfterMs).toBe(7_000);
		expect(
			classify({ status: 403, body: coded('429', 'Please retry again after 14m 56s') })
				.retryAfterMs,
		).toBe(896_000);
		expect('retryAfterMs' in classify({ status: 429 })).toBe(false);
	});
});

describe('an answer is told in words for the user', () => {
	it.each([
		[404, 'The API was not found at this address (HTTP 404)', 'Check the credential’s Cloud or API URL.'],
		[
			200,
			'Microsoft answered with something else than asked for (HTTP 200)',
			'This usually passes. Try again in a few minutes.',
		],
		[400, 'Microsoft did not accept the request (HTTP 400)', 'Check the parameters of the node.'],
		[201, 'Microsoft did not accept the request (HTTP 201)', 'Check the parameters of the node.'],
		[
			300,
			'The server redirected the request to another address, which is not followed (HTTP 300)',
			'The token goes to the configured API host only. Check the credential’s Cloud or API URL, and any proxy in between.',
		],
	])('%d', (status, message, advice) => {
		expect(classify({ status })).toMatchObject({ message, advice });
	});

	it('with a code only if it is one of Microsoft’s', () => {
		expect(classify({ body: coded(' AF20022 ') }).code).toBe('AF20022');
		for (const code of ['AF20022 x', 'x AF20022', 'AF-1', '']) {
			expect('code' in classify({ body: coded(code) })).toBe(false);
			expect(classify({ body: coded(code) }).message).not.toContain('AF');
		}
		for (const code of ['XAF50000', 'AF500991', 'AF5009']) {
			expect(classify({ body: coded(code) }).kind).toBe('badRequest');
		}
		expect(classify({ body: coded('X12') }).message).toMatch(/\(HTTP 400\)$/);
	});

	it('with Microsoft’s own, where ours do not say it', () => {
		const quoteOf = (body: string) => /Microsoft says: “(.*)”/s.exec(classify({ body }).message)?.[1];
		expect(quoteOf('1 < 2')).toBe('1 < 2');
		expect(quoteOf(' \n <html>page</html>')).toBeUndefined();
		expect(quoteOf('')).toBeUndefined();
		expect(quoteOf('{}')).toBeUndefined();
		expect(quoteOf(coded('X', '  first line \nsecond line'))).toBe('first line');
		expect(quoteOf(coded('X', 'first line\r\nsecond line'))).toBe('first line');
		expect(quoteOf(coded('X', 'Meet me at noon'))).toBe('Meet me at noon');
	});

	it('that say nothing else when auditing is off, however it is spaced', () => {
		for (const sentence of ['Tenant x does not exist', 'Tenant  x  does not exist.']) {
			const { kind, message } = classify({ body: coded('X', sentence) });
			expect([kind, message]).toEqual(['auditingOff', 'The audit log of this tenant is switched off (HTTP 400)']);
		}
	});
});
