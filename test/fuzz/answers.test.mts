import fc from 'fast-check';

import { toNodeError } from '../../nodes/actions/common/errors';
import { FeedFailure } from '../../nodes/feed/failure';
import { parseRetryAfter } from '../../nodes/transport/retryAfter';
import { classifyAnswer } from '../../nodes/transport/classify';
import { header, toFailure } from '../../nodes/transport/httpFailure';
import { quoteOf } from '../../nodes/transport/redact';
import { NODE } from '../actions/fakeNode.mts';
import { fuzz } from './support/campaign.mts';
import { expectClearFailure, faultOf } from './support/clear.mts';
import { headerValue, json, key, parameter, SECRET, status, text, TOKEN } from './support/hostile.mts';
import { mutatedBody } from './support/mutate.mts';
import { fetchRealAnswers, NOW, type RealAnswers } from './support/realAnswers.mts';

let real: RealAnswers;
beforeAll(async () => void (real = await fetchRealAnswers()));

/** What a refusal may hold: errors as they are, with changes, and with the caller's own token in them. */
const refusals = () =>
	fc.oneof(
		mutatedBody(real.errors).map((bytes) => bytes.toString('utf8')),
		fc
			.record({ code: fc.oneof(text, json), message: fc.oneof(text, json, fc.constant(`Bearer ${TOKEN} is not valid`)) })
			.map((error) => JSON.stringify({ error })),
		fc.record({ Message: fc.oneof(text, json) }).map((error) => JSON.stringify(error)),
		fc.tuple(text, fc.nat(60)).map(([one, times]) => `${one}\n`.repeat(times)),
	);

describe('an answer that is a refusal', () => {
	fuzz(
		'becomes one clear failure',
		1_500,
		() => fc.record({ status, body: refusals(), retryAfter: fc.option(headerValue, { nil: undefined }), isContent: fc.boolean() }),
		(answer) => {
			const failure = new FeedFailure(classifyAnswer(answer, NOW));
			expectClearFailure(failure);
			const shown = toNodeError(NODE, failure, 0);
			expect([shown.message, faultOf(shown.message), faultOf(shown.description)]).toEqual([failure.message, undefined, undefined]);
			expect(shown.constructor.name).toMatch(/^Node(Api|Operation)Error$/);
		},
	);

	fuzz(
		'names a wait that can be waited for, or none',
		2_000,
		() => fc.tuple(fc.oneof(headerValue, text), fc.oneof(text, fc.tuple(fc.nat(), text).map(([n, unit]) => `Please retry again after ${n}${unit} ${n}s`))),
		([value, words]) => {
			const waitMs = parseRetryAfter(value, words, NOW);
			expect(waitMs === undefined || (Number.isFinite(waitMs) && waitMs >= 0)).toBe(true);
		},
	);
});

describe('whatever the request helper throws', () => {
	const headers = () => fc.array(fc.tuple(fc.oneof(key, fc.constant('Retry-After')), fc.oneof(headerValue, fc.array(headerValue)))).map((pairs) => Object.fromEntries(pairs));
	const answered = () =>
		fc.record({
			status: fc.oneof<fc.Arbitrary<unknown>[]>(status, json),
			data: fc.oneof<fc.Arbitrary<unknown>[]>(refusals(), json, refusals().map((body) => Buffer.from(body))),
			headers: fc.oneof<fc.Arbitrary<unknown>[]>(headers(), json),
		});
	const codes = fc.constantFrom('ECONNRESET', 'ENOTFOUND', 'ERR_CANCELED', 'ERR_BAD_REQUEST', 'CERT_HAS_EXPIRED', 'HPE_INVALID_HEADER_TOKEN');
	const thrown = (): fc.Arbitrary<unknown> => {
		const fields = fc.record(
			{
				message: fc.oneof<fc.Arbitrary<unknown>[]>(text, json, fc.constant(`Bearer ${TOKEN} refused`)),
				code: fc.oneof<fc.Arbitrary<unknown>[]>(codes, text, json),
				httpCode: fc.oneof<fc.Arbitrary<unknown>[]>(status.map(String), text, json),
				response: fc.oneof<fc.Arbitrary<unknown>[]>(answered(), json),
				context: fc.record({ data: fc.oneof<fc.Arbitrary<unknown>[]>(refusals(), json) }),
			},
			{ requiredKeys: [] },
		);
		const error = fields.map((each) => Object.assign(new Error('x'), each));
		return fc.oneof<fc.Arbitrary<unknown>[]>(
			error,
			fc.tuple(error, error).map(([outer, cause]) => Object.assign(outer, { cause })),
			fields,
			parameter,
		);
	};

	fuzz('becomes one clear failure', 1_500, () => fc.tuple(thrown(), fc.boolean()), async ([error, isContent]) => {
		const failure = await toFailure(error, { host: 'manage.office.com', isContent, nowMs: NOW });
		expectClearFailure(failure);
	});

	fuzz('becomes one of n8n’s errors', 800, thrown, (error) => {
		const shown = toNodeError(NODE, error, 0);
		expect(shown.constructor.name).toMatch(/^Node(Api|Operation)Error$/);
		expect([typeof shown.message, shown.message.trim() !== '']).toEqual(['string', true]);
		expect(shown.message).not.toContain(TOKEN);
	});

	fuzz('has headers that are found in any letter case', 800, () => fc.tuple(headers(), headerValue), ([given, value]) => {
		expect(header({ ...given, 'rEtRy-AfTeR': value }, 'Retry-After')).toEqual(expect.any(String));
		expect(header(given, 'NextPageUri')).toBeUndefined();
	});
});

describe('a quoted text', () => {
	fuzz(
		'holds neither token nor secret, whatever stands around them, and stays what it is when quoted again',
		1_500,
		() => fc.tuple(text, fc.constantFrom(SECRET, TOKEN, `Bearer ${TOKEN}`, `Bearer ${SECRET}`), text),
		([before, secret, after]) => {
			const quoted = quoteOf(`${before} ${secret} ${after}`, SECRET);
			expect(quoted).not.toContain(SECRET);
			expect(quoted).not.toContain(TOKEN);
			expect(quoteOf(quoted, SECRET)).toBe(quoted);
		},
	);
});
