import type { Faults } from '../../../simulator/faults.mts';
import type { TenantState } from '../../../simulator/tenantState.mts';
import type { Fault } from '../types.mts';
import { scripted } from './request.mts';

/** The login host's own outages, by the simulator's names. */
const outage = (name: string, tokenError: Faults['tokenError']): Fault => ({
	name,
	target: 'token',
	durations: ['lasting'],
	covers: ['tokenError'],
	begin({ stage }) {
		stage.sim.faults.tokenError = tokenError;
		return { lift: () => void (stage.sim.faults.tokenError = 'none') };
	},
});

/** What an administrator did, and undoes. */
function refusal(name: string, change: Partial<TenantState>): Fault {
	return {
		name,
		target: 'token',
		durations: ['lasting'],
		begin({ stage }) {
			const { tenantState } = stage.sim;
			const before = { ...tenantState };
			Object.assign(tenantState, change);
			return { lift: () => void Object.assign(tenantState, before) };
		},
	};
}

const token = (name: string, body: unknown): Fault =>
	scripted(name, { status: 200, body }, { target: 'token' });

/** Faults of the sign-in alone. */
export const TOKEN_FAULTS: readonly Fault[] = [
	outage('sign-in throttled', 'throttled'),
	outage('sign-in unavailable (AADSTS90033)', 'unavailable'),
	outage('sign-in answers with a page', 'html'),
	outage('sign-in answers without JSON', 'notJson'),
	refusal('wrong secret (AADSTS7000215)', { clientSecret: 'another~secret' }),
	refusal('expired secret (AADSTS7000222)', { secretState: 'expired' }),
	refusal('app unknown (AADSTS700016)', { appRegistered: false }),
	refusal('app disabled (AADSTS7000112)', { appDisabled: true }),
	refusal('no consent (AADSTS65001)', { consented: false }),
	refusal('a token without permissions', { grantedRoles: [] }),
	token('a token with a line break', { access_token: 'abc\r\nX-Injected: yes', expires_in: 3599 }),
	token('an answer without a token', { token_type: 'Bearer', expires_in: 3599 }),
	token('a token that is a number', { access_token: 42 }),
	token('a token of another shape', { access_token: 'opaque-token', expires_in: 'soon' }),
	scripted(
		'a refusal that repeats the secret',
		({ stage }) => ({
			status: 401,
			body: {
				error: 'invalid_client',
				error_description: `AADSTS7000215: Invalid client secret provided: ${stage.sim.tenant.clientSecret}.\r\nTrace ID: 0`,
				error_codes: [7000215],
			},
		}),
		{ target: 'token' },
	),
];
