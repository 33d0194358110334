import { HTTP_REQUEST_TYPE } from './harness.mts';
import {
	createEmptyStage,
	createStage,
	eventsOf,
	MINUTE,
	reportsOf,
	type Stage,
	type StageOptions,
} from './support/stage.mts';

describe('The credential and other hosts', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const press = async () => await stage.engine.testCredential(stage.credentialId);

	describe('never lets the token go elsewhere', () => {
		const request = async (url: string) => {
			const result = await stage.engine.runWorkflow({
				nodes: [
					{
						id: 'http',
						name: 'HTTP',
						type: HTTP_REQUEST_TYPE,
						typeVersion: 1,
						position: [0, 0],
						parameters: { url, credentialType: stage.engine.credentialType },
						credentials: {
							[stage.engine.credentialType]: { id: stage.credentialId, name: 'Credential' },
						},
					},
				],
				connections: {},
			});
			return { ...result.of('HTTP'), run: result.run };
		};
		const listUrl = () =>
			`${stage.sim.url}/api/v1.0/${stage.sim.tenant.tenantId}/activity/feed/subscriptions/list?PublisherIdentifier=${stage.sim.tenant.tenantId}`;

		test('the HTTP Request node may ask the configured API host', async () => {
			await play();
			const { items, error } = await request(listUrl());
			expect(error).toBeUndefined();
			expect(items[0]?.json.response).toHaveLength(5);
		});

		test.each([
			['another host', () => `${stage.sim.foreignUrl}/collect`],
			[
				'the API host as user name',
				() => stage.sim.foreignUrl.replace('//', `//${new URL(stage.sim.url).host}@`),
			],
			['another port of the same host', () => stage.sim.url.replace(/\d+$/, '9')],
			['another scheme', () => stage.sim.url.replace('http:', 'https:')],
			['an address without a scheme', () => stage.sim.foreignUrl.replace('http:', '')],
			['no address', () => 'collect'],
		])('the HTTP Request node cannot send it to %s', async (_name, url) => {
			await play();
			await stage.getEvents();
			const { error, run } = await request(url());
			expect(error?.message).toMatch(/signs requests to|address|URL/i);
			expect(stage.sim.ledger.foreignRequests).toBe(0);
			expect(stage.engine.findLeaks({ run })).toEqual([]);
		});

		test.each([301, 302, 303, 307, 308] as const)(
			'a redirect (%i) is not followed',
			async (redirectStatus) => {
				stage = await createStage({
					blobs: 5,
					faults: { redirectStatus, redirectTo: 'foreign', redirectPath: '/' },
				});
				const viaNode = await stage.getEvents();
				expect(viaNode.items.length === 0 || reportsOf(viaNode).length > 0).toBe(true);
				await request(listUrl());
				await press();
				expect(stage.sim.ledger.foreignRequests).toBe(0);
			},
		);

		test('a blob download that redirects is reported, and the others are delivered', async () => {
			await play({ faults: { redirectStatus: 302, redirectPath: 'emea0036' } });
			const blobs = ['a', 'b', 'c'].map((Id, n) =>
				stage.sim.feed.addBlob({
					createdMs: stage.clock.now() - (9 - n) * MINUTE,
					events: [{ Id }],
				}),
			);
			const result = await stage.getEvents();
			const redirected = blobs.filter(({ contentId }) => contentId.includes('emea0036'));
			expect(reportsOf(result).map(({ contentId }) => contentId)).toEqual(
				redirected.map(({ contentId }) => contentId),
			);
			expect(eventsOf(result)).toHaveLength(3 - redirected.length);
			expect(stage.sim.ledger.foreignRequests).toBe(0);
		});
	});
});
