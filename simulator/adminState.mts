import type { Context } from './context.mts';
import { isContentType } from './contentTypes.mts';
import { setFault } from './setFault.mts';
import type { TenantState } from './tenantState.mts';

const PLAIN = [
	'tenantId',
	'clientId',
	'clientSecret',
	'secretState',
	'appRegistered',
	'appDisabled',
	'consented',
	'grantedRoles',
	'auditingOff',
	'tenantProblem',
] as const;

type Change = Partial<Pick<TenantState, (typeof PLAIN)[number]>> & {
	faults?: Record<string, unknown>;
	/** `missing` takes the subscription away. */
	subscriptions?: Record<string, 'enabled' | 'disabled' | 'missing'>;
	revokeTokens?: boolean;
	forgetDelivered?: boolean;
};

/** Changes what an administrator, Microsoft or a tester could change. Throws on names it does not know. */
export function applyState(context: Context, change: Change): Record<string, unknown> {
	const { tenant, faults, tokens, ledger } = context;
	const { faults: faultChanges, subscriptions, revokeTokens, forgetDelivered, ...plain } = change;
	for (const [name, value] of Object.entries(plain)) {
		if (!(PLAIN as readonly string[]).includes(name)) {
			throw new Error(
				`No state "${name}". There are: ${[...PLAIN, 'faults', 'subscriptions', 'revokeTokens', 'forgetDelivered'].join(', ')}`,
			);
		}
		Object.assign(tenant, { [name]: value });
	}
	for (const [name, value] of Object.entries(faultChanges ?? {})) setFault(faults, name, value);
	for (const [contentType, status] of Object.entries(subscriptions ?? {})) {
		if (!isContentType(contentType)) throw new Error(`No content type "${contentType}"`);
		if (status === 'missing') tenant.subscriptions.delete(contentType);
		else setSubscription(context, contentType, status);
	}
	if (revokeTokens === true) tokens.revokeAll();
	if (forgetDelivered === true) ledger.forgetDelivered();
	return {
		...Object.fromEntries(
			PLAIN.filter((name) => name !== 'clientSecret').map((name) => [name, tenant[name]]),
		),
		faults,
		subscriptions: Object.fromEntries(
			[...tenant.subscriptions].map(([type, { status }]) => [type, status]),
		),
	};
}

function setSubscription(
	{ tenant, clock }: Context,
	contentType: Parameters<TenantState['subscriptions']['get']>[0],
	status: 'enabled' | 'disabled',
): void {
	const current = tenant.subscriptions.get(contentType);
	if (!current) {
		tenant.subscriptions.set(contentType, { status, webhook: null, gaps: [], firstContentMs: 0 });
		return;
	}
	if (current.status === 'disabled' && status === 'enabled' && current.stoppedMs !== undefined) {
		current.gaps.push({ fromMs: current.stoppedMs, toMs: clock.now() });
	}
	if (status === 'disabled') current.stoppedMs = clock.now();
	current.status = status;
}
