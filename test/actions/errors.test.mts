import { inspect } from 'node:util';

import { NodeApiError, NodeOperationError, UserError } from 'n8n-workflow';

import { toNodeError } from '../../nodes/actions/common/errors';
import { FeedFailure } from '../../nodes/feed/failure';
import { InvalidFilter } from '../../nodes/feed/filters';
import { refused } from '../transport/fakes.mts';
import { NODE } from './fakeNode.mts';

const TOKEN = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.cccccccc`;

describe('what a user reads', () => {
	it('of an answer is our sentence, our advice, Microsoft’s code and the status', () => {
		const failure = new FeedFailure({
			kind: 'noSubscription',
			message: 'There is no subscription (AF20022, HTTP 400)',
			advice: 'Start it.',
			status: 400,
			code: 'AF20022',
		});
		const error = toNodeError(NODE, failure, 4);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({
			message: failure.message,
			description: 'Start it.',
			httpCode: '400',
			context: { itemIndex: 4 },
		});
	});

	it.each([401, 403, 404, 429, 500, 503])(
		'of an answer %d is not replaced by n8n’s own sentence',
		(status) => {
			const failure = new FeedFailure({
				kind: 'transient',
				message: `Our sentence (HTTP ${status})`,
				advice: 'Our advice.',
				status,
			});
			expect(toNodeError(NODE, failure)).toMatchObject({
				message: failure.message,
				description: 'Our advice.',
			});
		},
	);

	it('of a failure without an answer is an operation error', () => {
		const error = toNodeError(
			NODE,
			new FeedFailure({
				kind: 'transient',
				message: 'x cannot be reached (ECONNRESET)',
				advice: 'Check.',
			}),
			1,
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: 'x cannot be reached (ECONNRESET)',
			description: 'Check.',
		});
	});

	it.each([new InvalidFilter('“x” is no address'), new UserError('The Tenant ID is empty')])(
		'of a wrong value is its sentence',
		(thrown) => {
			expect(toNodeError(NODE, thrown, 1)).toMatchObject({
				message: thrown.message,
				context: { itemIndex: 1 },
			});
		},
	);

	it('of n8n’s own errors is what they say', () => {
		const error = new NodeOperationError(NODE, 'x');
		expect(toNodeError(NODE, error)).toBe(error);
	});

	it.each(['text', undefined, null, 7])(
		'of %p is still an error that asks to be reported',
		(thrown) => {
			expect(toNodeError(NODE, thrown)).toMatchObject({
				description: expect.stringContaining('report') as unknown,
			});
		},
	);
});

describe('an error that a user may post', () => {
	it('holds no token and nothing of the request', () => {
		const thrown = [
			Object.assign(refused(400), {
				message: `Bearer ${TOKEN}`,
				request: { headers: { Authorization: TOKEN } },
			}),
			new TypeError(`cannot read ${TOKEN}`),
			`Bearer ${TOKEN}`,
		];
		for (const value of thrown) {
			expect(inspect(toNodeError(NODE, value), { depth: 8, showHidden: true })).not.toMatch(
				/aaaa|bbbb|cccc|Bearer x/,
			);
		}
	});

	it('says something whatever was thrown', () => {
		for (const value of ['', new Error(''), new Error(' \n'), Object.assign(new Error(), { message: 7 }), { toString: 1 }, undefined]) {
			expect(toNodeError(NODE, value).message.trim()).not.toBe('');
		}
		expect(toNodeError(NODE, new Error('x'.repeat(5_000))).message.length).toBeLessThanOrEqual(1_000);
	});
});
