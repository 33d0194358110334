import { createCertificates } from './certificates.mts';
import type { Context } from './context.mts';
import { createEventGenerator } from './events/generateEvent.mts';
import { createFeed } from './feed.mts';
import { startForeignHost } from './foreignHost.mts';
import { createLedger } from './ledger.mts';
import { refusePublicName, trackSockets } from './listeners.mts';
import { resolveOptions } from './options.mts';
import { createChance } from './random.mts';
import type { RequestLogEntry } from './requestLog.mts';
import { createScriptedFaults } from './scriptedFaults.mts';
import { createServer } from './server.mts';
import { createTenantState } from './tenantState.mts';
import { createTokenStore } from './tokenStore.mts';
import type { Simulator, SimulatorOptions } from './types.mts';

export { createVirtualClock } from './clock.mts';
export type { Clock, VirtualClock } from './clock.mts';
export { CONTENT_TYPES } from './contentTypes.mts';
export type { ContentType } from './contentTypes.mts';
export type { Faults } from './faults.mts';
export type { AddBlob, Feed, FeedBlob } from './feed.mts';
export type { Ledger, Violation } from './ledger.mts';
export type { Verdict, VerdictOptions } from './ledgerVerdict.mts';
export type { RequestLogEntry } from './requestLog.mts';
export { SCENARIO_NAMES } from './scenarios.mts';
export type { ScenarioName } from './scenarios.mts';
export type { EchoedRequest, RequestMatch, ScriptedAnswer } from './scriptedFaults.mts';
export type { TenantState } from './tenantState.mts';
export type { Simulator, SimulatorOptions } from './types.mts';

/** The newest entries are kept, so that a run of days does not fill the memory. */
const REQUEST_LOG_LIMIT = 100_000;

/**
 * Starts a simulated tenant on loopback: Microsoft Entra ID's token endpoint and the Management Activity API of
 * one tenant, with a second listener that plays foreign hosts. Several can run side by side. Throws on unknown
 * scenarios and faults, and when the port is taken.
 */
export async function startSimulator(given: SimulatorOptions = {}): Promise<Simulator> {
	const { options, faults } = resolveOptions(given);
	const { clock, host } = options;
	refusePublicName(host);
	const chance = createChance(options.seed);
	const tenant = createTenantState(options, chance);
	const ledger = createLedger(clock);
	const tokens = createTokenStore(clock);
	const scripted = createScriptedFaults();
	const generateEvent = createEventGenerator(tenant.tenantId, chance, faults);
	const feed = createFeed({ options, chance, faults, generateEvent });
	const foreignHost = await startForeignHost(host, ledger, tenant.clientSecret);
	const context: Context = {
		options,
		chance,
		clock,
		faults,
		tenant,
		feed,
		ledger,
		tokens,
		foreignUrl: foreignHost.url,
		serverNow: () => clock.now() + faults.serverClockAheadMs,
	};
	const certificates = options.tls ? await createCertificates() : undefined;
	const requestLog: RequestLogEntry[] = [];
	const closing = new AbortController();
	let url = '';
	const app = createServer({
		context,
		scripted,
		...(certificates ? { certificates } : {}),
		closing: closing.signal,
		log(entry) {
			requestLog.push(entry);
			if (requestLog.length > REQUEST_LOG_LIMIT) requestLog.splice(0, REQUEST_LOG_LIMIT / 2);
			options.onRequest?.(entry);
		},
		url: () => url,
	});
	const sockets = trackSockets(app.server);
	try {
		await app.listen({ host, port: options.port });
	} catch (error) {
		await foreignHost.close();
		throw error;
	}
	const { port } = app.server.address() as { port: number };
	url = `${options.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
	return {
		url,
		foreignUrl: foreignHost.url,
		tenant: {
			tenantId: tenant.tenantId,
			clientId: tenant.clientId,
			clientSecret: tenant.clientSecret,
		},
		ledger,
		clock,
		requestLog,
		feed,
		faults,
		tenantState: tenant,
		failNext: scripted.failNext,
		...(certificates ? { certificateAuthority: certificates.certificateAuthority } : {}),
		issuedTokens: () => tokens.all(),
		revokeTokens: () => tokens.revokeAll(),
		async close() {
			closing.abort();
			sockets.destroy();
			await Promise.all([app.close(), foreignHost.close()]);
		},
	};
}
