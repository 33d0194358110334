import { NodeOperationError } from 'n8n-workflow';

import { listContent } from '../feed/listing';
import type { ContentType } from '../feed/types';
import type { FeedClient } from '../transport/client';
import { runtime } from '../transport/runtime';
import type { CollectorPorts, Report } from './collector/types';
import { handOver } from './handOver';
import { toItems } from './output';
import type { PollContext } from './pollContext';
import { readReference } from './reference';

interface Surroundings extends Pick<PollContext, 'node' | 'memory' | 'parameters' | 'store' | 'storesOnReturn'> {
	client: FeedClient;
	cancel(): void;
	report(report: Report): void;
}

/** The collector's view of n8n and of the API. */
export function createPorts(surroundings: Surroundings): CollectorPorts {
	const { node, memory, parameters, client, cancel, store, storesOnReturn, report } = surroundings;
	return {
		async list(contentType, window, found) {
			const listed = await listContent(client.content(contentType), contentType, window, runtime, found);
			tellUnusable(surroundings, contentType, listed.unusable);
			return listed;
		},
		async read(blob) {
			if (parameters.output === 'reference') return readReference(blob, runtime.now());
			const { events, unusable, length } = await client.blob(blob.contentId, blob.contentType);
			memory.lookAhead.seen(length);
			if (unusable > 0) {
				node.logger.warn(`${blob.contentId}: ${unusable} entries are no audit records and were left out`);
			}
			return events;
		},
		cancel,
		matches: (event) =>
			parameters.output === 'reference' || (parameters.matches?.(event) ?? true),
		emit: async (parts) => await handOver(node, toItems(parts, parameters)),
		save: store.save,
		report,
		runtime,
		// A missing subscription that is started as soon as Microsoft allows.
		isBeingMended: ({ kind }) =>
			kind === 'noSubscription' &&
			parameters.startMissingSubscriptions &&
			memory.subscriptions.throttledUntilMs > runtime.now(),
		storesOnReturn,
	};
}

/** The same entries are listed again and again: told when they are more than ever before. */
function tellUnusable({ node, memory }: Surroundings, contentType: ContentType, count: number): void {
	if (count <= (memory.unusable.get(contentType) ?? 0)) return;
	memory.unusable.set(contentType, count);
	const message = `${contentType}: Microsoft listed ${count} entries without a usable content ID, which cannot be read`;
	node.logger.warn(message);
	node.__emitError(
		new NodeOperationError(node.getNode(), message, {
			description:
				'Everything else goes on. If events are missing, search for them in the audit log of Microsoft Purview; if it stays so, report it to Microsoft’s support.',
		}),
	);
}
