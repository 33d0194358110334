import { request as httpsRequest } from 'node:https';
import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import type { Context } from './context.mts';
import { isLoopback } from './hosts.mts';
import type { Webhook } from './tenantState.mts';

/** How long a webhook has to answer its validation. */
const VALIDATION_TIMEOUT_MS = 5000;

/** The webhook in the body of a start request, validated; `null` if there is none. */
export async function readWebhook(
	context: Context,
	body: string,
): Promise<Webhook | null | Answer> {
	if (body.trim() === '') return null;
	let parsed: unknown;
	try {
		parsed = JSON.parse(body);
	} catch {
		return apiErrors.parameterType('webhook', 'object');
	}
	const given = (parsed as { webhook?: unknown } | null)?.webhook;
	if (given === undefined || given === null) return null;
	const { address, authId, expiration } = given as Record<string, unknown>;
	if (typeof address !== 'string' || address === '') return apiErrors.missingParameter('address');
	if (expiration && Number.isNaN(Date.parse(String(expiration))))
		return apiErrors.parameterType('expiration', 'datetime');
	if (expiration && Date.parse(String(expiration)) < context.serverNow())
		return apiErrors.expirationInPast(String(expiration));
	if (!address.startsWith('https://'))
		return apiErrors.webhook(address, 'The address must begin with HTTPS.');
	const webhook: Webhook = {
		status: 'enabled',
		address,
		authId: typeof authId === 'string' && authId !== '' ? authId : null,
		expiration: expiration ? String(expiration) : null,
	};
	const valid = await validates(webhook, context.chance.guid('validation', address));
	return valid ? webhook : apiErrors.webhook(address, 'The endpoint did not return HTTP 200.');
}

/** Sends the validation request, to loopback only: the simulator never reaches out of this machine. */
async function validates({ address, authId }: Webhook, validationCode: string): Promise<boolean> {
	if (!URL.canParse(address)) return false;
	if (!isLoopback(new URL(address).host)) return true;
	return await new Promise((resolve) => {
		const headers = {
			'Content-Type': 'application/json; charset=utf-8',
			'Webhook-ValidationCode': validationCode,
			...(authId === null ? {} : { 'Webhook-AuthID': authId }),
		};
		const options = {
			method: 'POST',
			headers,
			rejectUnauthorized: false,
			timeout: VALIDATION_TIMEOUT_MS,
			agent: false,
		};
		const request = httpsRequest(address, options, (response) => {
			response.resume();
			resolve(response.statusCode === 200);
		});
		request.on('error', () => resolve(false));
		request.on('timeout', () => request.destroy(new Error('no answer')));
		request.end(JSON.stringify({ validationCode }));
	});
}
