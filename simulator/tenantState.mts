import { CONTENT_TYPES } from './contentTypes.mts';
import type { ContentType } from './contentTypes.mts';
import type { ResolvedOptions } from './options.mts';
import type { Chance } from './random.mts';

export interface Webhook {
	status: 'enabled' | 'disabled' | 'expired';
	address: string;
	authId: string | null;
	expiration: string | null;
}

export interface Subscription {
	status: 'enabled' | 'disabled';
	webhook: Webhook | null;
	/** Content created in these intervals can never be listed: the subscription was not running. */
	gaps: Array<{ fromMs: number; toMs: number }>;
	/** When it was stopped or disabled, if it is. */
	stoppedMs?: number;
	/** Before this time nothing is listed: the first content takes its time. */
	firstContentMs: number;
}

type InitialState = 'enabled' | 'disabled' | 'missing' | { webhook: string; authId?: string };
export type SubscriptionSetup = InitialState | Partial<Record<ContentType, InitialState>>;

/** What an administrator could change at any time. Mutable while the simulator runs. */
export interface TenantState {
	tenantId: string;
	clientId: string;
	/** The one that is accepted. */
	clientSecret: string;
	secretState: 'ok' | 'expired';
	/** False: the directory does not know the app. */
	appRegistered: boolean;
	appDisabled: boolean;
	/** False: `AADSTS65001` at sign-in. An app without consent to a role usually gets a token without roles. */
	consented: boolean;
	grantedRoles: string[];
	auditingOff: boolean;
	tenantProblem: 'none' | 'AF20011' | 'AF20012';
	subscriptions: Map<ContentType, Subscription>;
	/** When a content type was last started, for the start throttle. */
	lastStartMs: Map<ContentType, number>;
}

export function createTenantState(options: ResolvedOptions, chance: Chance): TenantState {
	const subscriptions = new Map<ContentType, Subscription>();
	for (const contentType of CONTENT_TYPES) {
		const setup = options.auditingOff ? 'missing' : setupOf(options.subscriptions, contentType);
		if (setup !== 'missing')
			subscriptions.set(contentType, initialSubscription(setup, options.clock.now()));
	}
	return {
		tenantId: options.tenantId ?? chance.guid('tenant'),
		clientId: options.clientId ?? chance.guid('client'),
		// The form of Microsoft's secrets (40 characters with a ~), and plainly not a real one.
		clientSecret: options.clientSecret ?? `sim8Q~${chance.guid('secret').replaceAll('-', '')}Aa`,
		secretState: options.secretState,
		appRegistered: true,
		appDisabled: options.appDisabled,
		consented: true,
		grantedRoles: [...options.grantedRoles],
		auditingOff: options.auditingOff,
		tenantProblem: 'none',
		subscriptions,
		lastStartMs: new Map(),
	};
}

function setupOf(setup: SubscriptionSetup, contentType: ContentType): InitialState {
	if (typeof setup === 'string') return setup;
	if ('webhook' in setup) return setup as InitialState;
	return (setup as Partial<Record<ContentType, InitialState>>)[contentType] ?? 'enabled';
}

function initialSubscription(setup: Exclude<InitialState, 'missing'>, nowMs: number): Subscription {
	if (setup === 'disabled') {
		return { status: 'disabled', webhook: null, gaps: [], stoppedMs: nowMs, firstContentMs: 0 };
	}
	const webhook: Webhook | null =
		setup === 'enabled'
			? null
			: {
					status: 'enabled',
					address: setup.webhook,
					authId: setup.authId ?? null,
					expiration: null,
				};
	return { status: 'enabled', webhook, gaps: [], firstContentMs: 0 };
}
