import type { IHttpRequestOptions } from 'n8n-workflow';

import type { Runtime } from '../../nodes/feed/types';
import type { Endpoints } from '../../nodes/transport/endpoints';
import { createGovernor, type Governor } from '../../nodes/transport/governor';
import type { RequestContext } from '../../nodes/transport/request';

export const TENANT = '11111111-2222-3333-4444-555555555555';
export const NOW = Date.UTC(2026, 2, 10, 12);
export const SECRET = 's3cret~Value.of-the_app';

export const CREDENTIALS = {
	clientId: '66666666-2222-3333-4444-555555555555',
	clientSecret: SECRET,
	tenantId: TENANT,
	cloud: 'enterprise',
};

export const ENDPOINTS: Endpoints = {
	apiUrl: 'https://manage.office.com',
	loginUrl: 'https://login.microsoftonline.com',
	tenantId: TENANT,
	clientId: CREDENTIALS.clientId,
	clientSecret: SECRET,
	publisherId: TENANT,
};

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of the real form; times in milliseconds. */
export function jwt(
	claims: { issuedMs?: number; lifeMs?: number; roles?: unknown; uti?: string } = {},
): string {
	const { issuedMs = NOW, lifeMs = 3_599_000, roles = ['ActivityFeed.Read'], uti = 'u' } = claims;
	const iat = issuedMs / 1_000;
	return `${base64url({ alg: 'RS256' })}.${base64url({ iat, exp: iat + lifeMs / 1_000, roles, uti })}.c2lnbmF0dXJl`;
}

/** A clock that moves only by sleeping, at once. */
export function createJumpClock(): Runtime & { sleeps: number[] } {
	let nowMs = NOW;
	const sleeps: number[] = [];
	return {
		sleeps,
		now: () => nowMs,
		random: () => 0.5,
		sleep: async (ms) => {
			sleeps.push(ms);
			nowMs += ms;
			await Promise.resolve();
		},
	};
}

/** What n8n's helper throws for an answer that is not 2xx. */
export function refused(
	status: number,
	body: unknown = '',
	headers: Record<string, string> = {},
): Error {
	const error = new Error(`Request failed with status code ${status}`);
	return Object.assign(error, {
		response: { status, data: body, headers },
		config: { headers: { Authorization: 'Bearer x' } },
	});
}

export const coded = (code: string, message = 'Microsoft’s words') =>
	JSON.stringify({ error: { code, message } });

export type Step = Error | { body: unknown; headers?: Record<string, string> };

/** A helper that answers by script, and the context of a request around it. */
export function createFakeContext(script: Step[], change: Partial<RequestContext> = {}) {
	const sent: IHttpRequestOptions[] = [];
	const logged: string[] = [];
	const runtime = createJumpClock();
	const ends: Array<[string, number | undefined]> = [];
	const real = createGovernor(runtime, { maxConcurrency: 10, maxPerMinute: 2_000 });
	const governor: Governor = {
		...real,
		async acquire(wanted) {
			const slot = await real.acquire(wanted);
			return {
				...slot,
				end(outcome) {
					ends.push([outcome, undefined]);
					slot.end(outcome);
				},
				refuse(failure) {
					const waitMs = slot.refuse(failure);
					ends.push(['throttled', waitMs]);
					return waitMs;
				},
			};
		},
	};
	const context: RequestContext = {
		http: async (options) => {
			sent.push(options);
			const step = script.shift();
			if (!step) throw new Error('script is at its end');
			if (step instanceof Error) throw step;
			return await Promise.resolve({ statusCode: 200, headers: {}, ...step });
		},
		governor,
		runtime,
		logger: {
			debug: (message: string) => logged.push(message),
			warn: (message: string) => logged.push(message),
		},
		...change,
	};
	return { context, sent, logged, ends, sleeps: runtime.sleeps, runtime };
}
