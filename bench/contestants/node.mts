import type { INodeExecutionData } from 'n8n-workflow';

import type { Contestant, ContestantStage, Delivered } from './types.mts';

type Output = 'events' | 'content' | 'file';

/** Our action node: Audit Event > Get Many, everything in the range. */
async function runNode(
	{ engine, credentialId, load, settings }: ContestantStage,
	output: Output,
	simplify: boolean,
): Promise<INodeExecutionData[]> {
	const { maxRequestsPerMinute, concurrency } = settings;
	const result = await engine.runAction({
		credentialId,
		parameters: {
			resource: 'event',
			operation: 'getAll',
			contentTypes: [...load.contentTypes],
			timeRange: 'last',
			lastAmount: load.days,
			lastUnit: 'days',
			returnAll: true,
			output,
			simplify,
			options: {
				...(maxRequestsPerMinute && { maxRequestsPerMinute }),
				...(concurrency && { concurrency }),
			},
		},
	});
	if (result.error) throw result.error;
	return result.items;
}

function* recordsOf(items: INodeExecutionData[], output: Output): Generator<unknown> {
	for (const { json } of items) {
		if (output === 'content') yield* json['events'] as unknown[];
		else yield json;
	}
}

function deliver({ engine }: ContestantStage, items: INodeExecutionData[], output: Output, simplify: boolean): Delivered {
	if (output === 'file') {
		return {
			form: 'lines',
			files: items.map((item) => async () => await engine.readBinary(item)),
		};
	}
	const form = simplify ? 'simplified' : 'records';
	return { form, events: () => recordsOf(items, output) };
}

function contestant(name: string, label: string, output: Output, simplify = false): Contestant {
	return {
		name,
		label,
		async run(stage) {
			const workflows = Array.from({ length: stage.settings.workflows ?? 1 }, async () => {
				return await runNode(stage, output, simplify);
			});
			const [items = [], ...others] = await Promise.all(workflows);
			const odd = others.find(({ length }) => length !== items.length);
			if (odd) throw new Error(`One workflow got ${items.length} items, another ${odd.length}`);
			return deliver(stage, items, output, simplify);
		},
	};
}

export const NODE_EVENTS = contestant('node-events', 'this package: events', 'events');
export const NODE_SIMPLIFIED = contestant(
	'node-simplified',
	'this package: events, simplified',
	'events',
	true,
);
export const NODE_CONTENT = contestant('node-content', 'this package: content', 'content');
export const NODE_FILE = contestant('node-file', 'this package: file', 'file');
