import type { IDataObject } from 'n8n-workflow';

import { listEntries } from '../../nodes/actions/common/listEntries';
import type { OperationContext } from '../../nodes/actions/types';
import { FeedFailure } from '../../nodes/feed/failure';
import type { Page } from '../../nodes/feed/listing';
import type { ContentType, TimeWindow } from '../../nodes/feed/types';
import { fakeNode } from './fakeNode.mts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const HOUR = 3_600_000;

const refusal = (kind: 'permission' | 'cancelled') =>
	new FeedFailure({ kind, message: 'Not allowed', advice: 'Ask for the role.' });

/** Lists the last 36 hours, which are two windows; `answer` is the first and only page of a window. */
async function list(
	answer: (contentType: ContentType, window: TimeWindow) => unknown[],
	parameters: Record<string, unknown> = {},
	now = () => NOW,
) {
	const hints: string[] = [];
	const node = fakeNode({ timeRange: 'last', lastAmount: 36, lastUnit: 'hours', returnAll: true, ...parameters });
	const context = {
		node,
		itemIndex: 3,
		runtime: { now },
		logger: { debug: () => undefined, warn: () => undefined },
		hint: (text: string) => hints.push(text),
	} as unknown as OperationContext;
	const items = await listEntries(context, {
		contentTypes: ['Audit.Exchange', 'DLP.All'],
		source: (contentType) => ({
			firstPage: async (window): Promise<Page> => ({ entries: answer(contentType, window) }),
			nextPage: async () => await Promise.reject(new Error('There is one page')),
		}),
		identity: ({ contentId }) => String(contentId),
	});
	return { items, hints };
}

const entry = (contentId: string, hoursAgo: number): IDataObject => ({
	contentId,
	contentCreated: new Date(NOW - hoursAgo * HOUR).toISOString(),
});

const idsOf = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.contentId);

describe('listed entries', () => {
	const tenant = (type: ContentType, { startMs }: TimeWindow) => {
		const first = startMs < NOW - 24 * HOUR;
		if (type === 'DLP.All') return first ? [entry('d', 30)] : [entry('b', 2), entry('a', 2)];
		// Microsoft lists one at the edge of two windows in both.
		return first ? [entry('edge', 12)] : [entry('edge', 12), entry('new', 1), 'no entry', null, [1]];
	};

	it('come oldest first, those of one moment by their ID, each once, with the item they are for', async () => {
		const { items } = await list(tenant);
		expect(idsOf(items)).toEqual(['d', 'edge', 'a', 'b', 'new']);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(Array(5).fill({ item: 3 }));
	});

	it('are the newest with a limit', async () => {
		expect(idsOf((await list(tenant, { returnAll: false, limit: 2 })).items)).toEqual(['b', 'new']);
		expect(idsOf((await list(tenant, { returnAll: false, limit: 50 })).items)).toHaveLength(5);
	});

	it('of a content type that is refused are reported beside the others', async () => {
		const { items, hints } = await list((type, window) => {
			if (type === 'DLP.All') throw refusal('permission');
			return tenant(type, window);
		});
		expect(idsOf(items).slice(0, 2)).toEqual(['edge', 'new']);
		expect(items.slice(2).map(({ json }) => json)).toEqual(
			[[36, 12], [12, 0]].map(([from, to]) => ({
				error: 'Not allowed. Ask for the role.',
				contentType: 'DLP.All',
				windowStart: new Date(NOW - from! * HOUR).toISOString(),
				windowEnd: new Date(NOW - to! * HOUR).toISOString(),
			})),
		);
		expect(hints).toEqual([expect.stringContaining('DLP.All from')]);
	});

	it('are a failure if every content type is refused', async () => {
		await expect(
			list(() => {
				throw refusal('permission');
			}),
		).rejects.toThrow('Not allowed');
	});

	it('end at once when the user cancels, whatever else could be listed', async () => {
		const canceled = list((type, window) => {
			if (type === 'DLP.All') throw refusal('cancelled');
			return tenant(type, window);
		});
		await expect(canceled).rejects.toMatchObject({ kind: 'cancelled' });
	});

	it('that became too old before they were asked for are told', async () => {
		let calls = 0;
		const late = () => (calls++ === 0 ? NOW : NOW + HOUR);
		const { hints } = await list(() => [], { lastAmount: 167 }, late);
		expect(hints).toHaveLength(2);
		expect(hints[0]).toMatch(/^Audit\.Exchange: entries before 2026-02-23 11:05.* could no longer be listed\.$/);
	});
});
