import { UserError, type IDataObject } from 'n8n-workflow';

import { attempt } from '../../feed/attempt';
import type { FeedFailure } from '../../feed/failure';
import { listContent } from '../../feed/listing';
import { readSubscriptions, type Subscription } from '../../feed/subscriptions';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseUtc } from '../../feed/time';
import { toShortText } from '../../feed/toText';
import type { ContentType } from '../../feed/types';
import { planWindows, retentionEdge } from '../../feed/windows';
import type { FeedClient } from '../../transport/client';
import { REQUIRED_ROLE } from '../../transport/authenticate';
import { quoteOf } from '../../transport/redact';
import { rolesOf } from '../../transport/token';
import { CREDENTIAL } from '../common/context';
import { contentTypes } from '../common/descriptions';
import { toNodeError } from '../common/errors';
import { readContentTypes } from '../common/parameters';
import type { Operation, OperationContext } from '../types';

/** One line of the result: what was looked at, whether it works, what was seen, what to do. */
interface Check {
	name: string;
	ok: boolean;
	message: string;
	advice: string;
}

const SIGN_IN = 'Sign-in';

const DLP_ROLE = 'ActivityFeed.ReadDlp';

const AUDITING_ADVICE =
	'Run Subscription > Start. If it says that the audit log is off, turn auditing on in Microsoft Purview (Audit).';

const PERMISSION_ADVICE =
	'In Microsoft Entra open your app registration > API permissions, add Office 365 Management APIs > Application permissions, and grant admin consent.';

/** What a user runs when "nothing comes": says what works and what does not, in the order in which things depend on it. */
export const check: Operation = {
	name: 'Check',
	value: 'check',
	description: 'Check sign-in, permissions, audit log, subscriptions and the age of the newest content',
	action: 'Check the setup',
	properties: [contentTypes],
	async execute(context) {
		const { node, itemIndex } = context;
		const wanted = node.getNodeParameter('contentTypes', itemIndex, contentTypes.default);
		const types = readContentTypes(node, wanted, itemIndex);
		const checks = await checkAll(context, types);
		const json = { ok: checks.every(({ ok }) => ok), checks: checks as unknown as IDataObject[] };
		return [{ json, pairedItem: { item: itemIndex } }];
	},
};

/** Fields of the credential that cannot be used are the first thing to tell. */
async function checkAll(context: OperationContext, types: ContentType[]): Promise<Check[]> {
	let client: FeedClient;
	try {
		client = await context.client();
	} catch (error) {
		if (!(error instanceof UserError)) throw toNodeError(context.node.getNode(), error, context.itemIndex);
		return [failed(SIGN_IN, { message: error.message, advice: 'Correct the credential and check again.' })];
	}
	return await runChecks(context, client, types);
}

async function runChecks(context: OperationContext, client: FeedClient, types: ContentType[]): Promise<Check[]> {
	const listed = await attempt(async () => readSubscriptions(await client.listSubscriptions()));
	const failure = listed.ok ? undefined : listed.failure;
	if (failure?.kind === 'cancelled') throw failure;
	const signIn = signInCheck(failure);
	if (!signIn.ok) return [signIn];
	const roles = await rolesCheck(context, types, failure);
	if (!listed.ok) {
		const { kind } = listed.failure;
		const told = kind === 'auditingOff' ? auditLogCheck(listed.failure) : failed('API', listed.failure);
		return [signIn, ...roles, told];
	}
	const subscriptions = listed.value;
	const states = await Promise.all(
		types.map(async (type) => await typeChecks(context, client, type, subscriptions.get(type))),
	);
	const off = states.find((state) => state.failure?.kind === 'auditingOff')?.failure;
	const auditing = auditLogCheck(off, subscriptions);
	return [signIn, ...roles, auditing, ...states.flatMap(({ checks }) => checks)];
}

function passed(name: string, message: string): Check {
	return { name, ok: true, message, advice: '' };
}

function failed(name: string, failure: Pick<FeedFailure, 'message' | 'advice'>): Check {
	return { name, ok: false, message: failure.message, advice: failure.advice ?? '' };
}

function signInCheck(failure: FeedFailure | undefined): Check {
	const name = SIGN_IN;
	if (failure?.duringSignIn) return failed(name, failure);
	return passed(name, 'Microsoft accepted Client ID, Client Secret and Tenant ID');
}

/** The roles inside the token, if it can be read; otherwise what the API said to the first request. */
async function rolesCheck(
	{ node }: OperationContext,
	types: ContentType[],
	failure: FeedFailure | undefined,
): Promise<Check[]> {
	const name = 'Permissions';
	const { accessToken, clientSecret } = await node.getCredentials(CREDENTIAL);
	const roles = typeof accessToken === 'string' ? rolesOf(accessToken) : undefined;
	if (!roles) {
		if (failure?.kind === 'permission') return [failed(name, failure)];
		return failure ? [] : [passed(name, 'Microsoft accepted the token')];
	}
	const needed = types.includes('DLP.All') ? [REQUIRED_ROLE, DLP_ROLE] : [REQUIRED_ROLE];
	const missing = needed.filter((role) => !roles.includes(role));
	if (missing.length === 0 && failure?.kind === 'permission') return [failed(name, failure)];
	if (missing.length === 0) return [passed(name, `The app holds ${needed.join(' and ')}`)];
	const held = toShortText(quoteOf(roles.join(', '), String(clientSecret)));
	return [
		failed(name, {
			message: `The app lacks the application permission ${missing.join(' and ')}${held ? ` (it holds ${held})` : ''}`,
			advice: PERMISSION_ADVICE,
		}),
	];
}

function auditLogCheck(failure: FeedFailure | undefined, subscriptions?: Map<string, Subscription>): Check {
	const name = 'Audit log';
	if (failure) return failed(name, failure);
	if (subscriptions?.size) return passed(name, 'Microsoft answers for this tenant’s audit log');
	return failed(name, {
		message: 'Whether auditing is on shows only when a subscription is started, and there is none',
		advice: AUDITING_ADVICE,
	});
}

async function typeChecks(
	context: OperationContext,
	client: FeedClient,
	type: ContentType,
	subscription: Subscription | undefined,
): Promise<{ checks: Check[]; failure?: FeedFailure }> {
	const name = `Subscription ${type}`;
	if (!subscription?.enabled) {
		const message = subscription ? `It is ${toShortText(subscription.entry.status)}` : 'There is none';
		const advice = 'Run Subscription > Start for it. First content can take up to 12 hours.';
		return { checks: [failed(name, { message, advice })] };
	}
	const enabled = passed(name, subscription.webhook ? 'It is enabled, with a webhook' : 'It is enabled');
	const newest = await attempt(async () => await newestContent(context, client, type));
	if (!newest.ok) {
		if (newest.failure.kind === 'cancelled') throw newest.failure;
		return { checks: [enabled, failed(`Content ${type}`, newest.failure)], failure: newest.failure };
	}
	return { checks: [enabled, newestCheck(type, newest.value, context.runtime.now())] };
}

/** No content is not wrong by itself: a quiet tenant, or a new subscription. */
function newestCheck(type: ContentType, createdMs: number | undefined, nowMs: number): Check {
	const name = `Content ${type}`;
	if (createdMs !== undefined) return passed(name, `The newest became available ${age(nowMs - createdMs)} ago`);
	return {
		...passed(name, 'None became available within the last 7 days'),
		advice:
			'Normal for a quiet tenant and for a new subscription, whose first content can take up to 12 hours. If it stays so, check that auditing is on in Microsoft Purview (Audit).',
	};
}

async function newestContent(context: OperationContext, client: FeedClient, type: ContentType): Promise<number | undefined> {
	const nowMs = context.runtime.now();
	const windows = planWindows({ startMs: retentionEdge(nowMs), endMs: nowMs + 1 }).reverse();
	for (const window of windows) {
		const { blobs } = await listContent(client.content(type), type, window, context.runtime);
		const newest = blobs.reduce((latest, blob) => Math.max(latest, parseUtc(blob.contentCreated) ?? 0), 0);
		if (newest > 0) return newest;
	}
	return undefined;
}

function age(ms: number): string {
	if (ms < HOUR_MS) return `${Math.max(0, Math.round(ms / MINUTE_MS))} minutes`;
	if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} hours`;
	return `${Math.round(ms / DAY_MS)} days`;
}
