import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';

import type { FeedFailure } from '../../feed/failure';
import { toReadable } from '../../feed/time';
import type { ContentType, TimeWindow } from '../../feed/types';
import type { OperationContext } from '../types';
import { toNodeError } from './errors';

/** What to do with content that could not be read: item, hint and warning; stop; or say nothing but a debug line. */
export type UnreadableContent = 'report' | 'fail' | 'ignore';

/** Content that could not be had: one blob, or a window of a content type that could not be listed. */
export interface Missing {
	contentType?: ContentType;
	contentId?: string;
	window?: TimeWindow;
	failure: Pick<FeedFailure, 'message' | 'advice'>;
}

export interface Report {
	/** @throws with `fail` */
	missing(missing: Missing): void;
	/** The items that come last in the output. */
	items(): INodeExecutionData[];
	/** Hints and warnings, once all is known. */
	finish(): void;
}

export function createReport(context: OperationContext, mode: UnreadableContent): Report {
	const found: Missing[] = [];

	/** For the editor: a content ID has no place to break and would run out of the narrow box. Items and log have it. */
	function withoutId({ contentType, contentId }: Missing): string | undefined {
		if (!contentId) return contentType;
		return contentType ? `Content of ${contentType}` : 'The content';
	}

	function withId({ contentType, contentId }: Missing): string | undefined {
		return contentId ? `Content ${contentId}` : contentType;
	}

	function describe(what: string | undefined, { window, failure }: Missing): string {
		const when = window ? ` from ${toReadable(window.startMs)} to ${toReadable(window.endMs)}` : '';
		return `${what}${when} could not be read: ${failure.message}`;
	}

	return {
		missing(missing) {
			const text = describe(withId(missing), missing);
			context.logger.debug(text);
			if (mode === 'fail') throw failing(context, missing, text);
			found.push(missing);
		},
		items() {
			if (mode !== 'report') return [];
			return found.map(({ contentType, contentId, window, failure }) => ({
				json: {
					error: failure.advice ? `${failure.message}. ${failure.advice}` : failure.message,
					...(contentId ? { contentId } : {}),
					...(contentType ? { contentType } : {}),
					...(window
						? {
								windowStart: new Date(window.startMs).toISOString(),
								windowEnd: new Date(window.endMs).toISOString(),
							}
						: {}),
				},
				pairedItem: { item: context.itemIndex },
			}));
		},
		finish() {
			const [first] = found;
			if (mode !== 'report' || !first) return;
			const more = found.length > 1 ? ` (and ${found.length - 1} more, listed as the last items)` : '';
			const told = describe(withoutId(first), first);
			context.hint(`${told}${more}`, `${describe(withId(first), first)}${more}`);
		},
	};
}

function failing(context: OperationContext, missing: Missing, text: string): Error {
	if (missing.failure instanceof Error && missing.contentId === undefined) {
		return toNodeError(context.node.getNode(), missing.failure, context.itemIndex);
	}
	return new NodeOperationError(context.node.getNode(), text, {
		itemIndex: context.itemIndex,
		description:
			'Set the option Unreadable Content to Report to get everything else and a list of what is missing.',
	});
}
