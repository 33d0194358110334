import { NETWORK_FAULTS, type Network, type NetworkFault } from './support/network.mts';
import { createStage, eventsOf, MINUTE, requestsTo, type Stage } from './support/stage.mts';

/** What a user reads of each, and the time it takes. */
const CODES: Record<NetworkFault, { code: RegExp; eachMs: number }> = {
	nameNotFound: { code: /ENOTFOUND/, eachMs: 0 },
	nameServiceDown: { code: /EAI_AGAIN/, eachMs: 0 },
	refused: { code: /ECONNREFUSED/, eachMs: 0 },
	connectTimeout: { code: /ECONNABORTED|ETIMEDOUT/, eachMs: 2 * MINUTE },
};

describe('the network between n8n and the tenant', () => {
	let stage: Stage;
	let network: Network;

	beforeEach(async () => {
		stage = await createStage({ blobs: 3 });
		network = await stage.engine.network(stage.clock);
		network.shortenTimeouts(250);
	});

	afterEach(async () => {
		await network.close();
		await stage.close();
	});

	test.each(NETWORK_FAULTS)('%s: nothing arrives, it is told, and in time', async (fault) => {
		const outage = network.failNext({ path: '/activity/feed/', times: Infinity }, fault);
		const startMs = stage.clock.now();
		const result = await stage.getEvents({ contentTypes: ['Audit.General'] });
		expect(result.error?.message).toMatch(CODES[fault].code);
		expect(result.error?.message).not.toContain('no-such-host');
		expect(requestsTo(stage.sim, '/activity/feed/')).toEqual([]);
		expect(outage.hits()).toBeGreaterThan(1);
		expect(stage.clock.now() - startMs).toBeGreaterThanOrEqual(5 * CODES[fault].eachMs);
		outage.lift();
		expect(eventsOf(await stage.getEvents()).length).toBeGreaterThan(0);
	}, 60_000);

	test('one request that meets a fault is sent again', async () => {
		network.failNext({ path: '/activity/feed/' }, 'refused');
		expect((await stage.getEvents()).error).toBeUndefined();
	});
});
