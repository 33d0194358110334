import { FeedFailure } from '../../nodes/feed/failure';
import { readSubscriptions, startMissing, type Webhook } from '../../nodes/feed/subscriptions';

const NOW = Date.UTC(2026, 2, 10);
const HOOK = {
	address: 'https://hook.example/x',
	authId: 'secret',
	expiration: '2026-04-01T00:00:00',
};

function fake(entries: unknown[], answers: Record<string, unknown> = {}) {
	const starts: Array<[string, Webhook | undefined]> = [];
	return {
		starts,
		listSubscriptions: async () => await Promise.resolve(entries),
		startSubscription: async (contentType: string, webhook?: Webhook) => {
			starts.push([contentType, webhook]);
			const answer = answers[contentType];
			if (answer instanceof Error) throw answer;
			return await Promise.resolve(answer);
		},
	};
}

describe('the list of subscriptions', () => {
	it('may be empty or hold what is no subscription', () => {
		expect(readSubscriptions([]).size).toBe(0);
		expect(readSubscriptions([null, 'x', 7, {}, { contentType: 1 }, []]).size).toBe(0);
	});

	it.each([
		[{}, true],
		[{ status: 'enabled' }, true],
		[{ status: 'Enabled' }, true],
		[{ status: 'disabled' }, false],
		[{ status: 'Disabled' }, false],
		[{ status: 'suspended' }, false],
		[{ status: null }, true],
	])('counts one with %j as enabled: %p', (change, enabled) => {
		const entry = { contentType: 'Audit.General', ...change };
		expect(readSubscriptions([entry]).get('Audit.General')).toEqual({ enabled, entry });
	});

	it.each([null, undefined, '', {}, { address: '' }, { address: null }, []])(
		'has no webhook when it says %j',
		(webhook) => {
			expect(readSubscriptions([{ contentType: 'x', webhook }]).get('x')).not.toHaveProperty(
				'webhook',
			);
		},
	);

	it('keeps of a webhook what a start takes, and not its status', () => {
		const entry = { contentType: 'x', webhook: { ...HOOK, status: 'disabled' } };
		expect(readSubscriptions([entry]).get('x')?.webhook).toEqual(HOOK);
	});
});

describe('starting what is missing', () => {
	it('leaves enabled subscriptions alone: a start would remove their webhook and use up the start limit', async () => {
		const entry = { contentType: 'Audit.General', status: 'enabled', webhook: HOOK };
		const source = fake([entry]);
		expect(await startMissing(source, ['Audit.General'], NOW)).toEqual([
			{ contentType: 'Audit.General', entry, alreadyEnabled: true },
		]);
		expect(source.starts).toEqual([]);
	});

	it('starts only what is absent or disabled, in the order asked for', async () => {
		const source = fake([
			{ contentType: 'Audit.General' },
			{ contentType: 'Audit.Exchange', status: 'disabled' },
		]);
		const results = await startMissing(source, ['DLP.All', 'Audit.General', 'Audit.Exchange'], NOW);
		expect(source.starts).toEqual([
			['DLP.All', undefined],
			['Audit.Exchange', undefined],
		]);
		expect(results.map(({ contentType, alreadyEnabled }) => [contentType, alreadyEnabled])).toEqual(
			[
				['DLP.All', false],
				['Audit.General', true],
				['Audit.Exchange', false],
			],
		);
	});

	it('hands back the webhook of a disabled subscription, because a start without it removes it', async () => {
		const source = fake([{ contentType: 'Audit.General', status: 'disabled', webhook: HOOK }]);
		await startMissing(source, ['Audit.General'], NOW);
		expect(source.starts).toEqual([['Audit.General', HOOK]]);
	});

	it.each(['2026-03-09T23:59:59', 'never'])(
		'hands it back without an expiration of %s, which would be refused (AF20003)',
		async (expiration) => {
			const source = fake([
				{ contentType: 'Audit.General', status: 'disabled', webhook: { ...HOOK, expiration } },
			]);
			await startMissing(source, ['Audit.General'], NOW);
			expect(source.starts).toEqual([
				['Audit.General', { address: HOOK.address, authId: HOOK.authId }],
			]);
		},
	);

	it('takes AF20024 (already enabled) for success', async () => {
		const refused = new FeedFailure({ kind: 'badRequest', message: 'x', code: 'AF20024' });
		const results = await startMissing(
			fake([], { 'Audit.General': refused }),
			['Audit.General'],
			NOW,
		);
		expect(results).toEqual([
			{
				contentType: 'Audit.General',
				entry: { contentType: 'Audit.General', status: 'enabled' },
				alreadyEnabled: true,
			},
		]);
	});

	it('tells a start that fails in its result, and starts the others all the same', async () => {
		const refused = new FeedFailure({ kind: 'permission', message: 'no', code: 'AF10001' });
		const entry = { contentType: 'Audit.General', status: 'enabled', webhook: null };
		const source = fake([], { 'DLP.All': refused, 'Audit.General': entry });
		expect(await startMissing(source, ['DLP.All', 'Audit.General'], NOW)).toEqual([
			{
				contentType: 'DLP.All',
				entry: { contentType: 'DLP.All' },
				alreadyEnabled: false,
				failure: refused,
			},
			{ contentType: 'Audit.General', entry, alreadyEnabled: false },
		]);
	});

	it('fails when the list cannot be read, having started nothing', async () => {
		const source = {
			...fake([]),
			listSubscriptions: async () =>
				await Promise.reject(new FeedFailure({ kind: 'signIn', message: 'x' })),
		};
		await expect(startMissing(source, ['DLP.All'], NOW)).rejects.toMatchObject({ kind: 'signIn' });
		expect(source.starts).toEqual([]);
	});
});
