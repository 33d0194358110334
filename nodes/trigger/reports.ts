import { NodeOperationError, type INode } from 'n8n-workflow';

import { toNodeError } from '../actions/shared/errors';
import { FeedFailure } from '../feed/failure';
import { toReadable } from '../feed/time';
import type { Report } from './collector/types';

/** How many contentIds a message names; the rest are counted. */
const MAX_NAMED = 20;

/** What the user reads in a failed execution. Content types that failed for one reason share one. */
export function toErrors(node: INode, reports: Report[]): Error[] {
	const errors: Error[] = [];
	const failures = new Map<string, FeedFailure & { types?: string[] }>();
	const types = new Map<string, string[]>();
	for (const report of reports) {
		if (report.kind !== 'typeFailed') {
			errors.push(toError(node, report));
			continue;
		}
		const reason = report.failure.code ?? report.failure.kind;
		failures.set(reason, report.failure);
		types.set(reason, [...(types.get(reason) ?? []), report.contentType]);
	}
	for (const [reason, failure] of failures) {
		const names = (types.get(reason) ?? []).join(', ');
		errors.push(
			toNodeError(
				node,
				new FeedFailure({
					...detailsOf(failure),
					message: `${names} cannot be read at present: ${failure.message}`,
					advice: `${failure.advice ?? ''} Nothing is lost yet: it is tried again with growing pauses, and told only once.`.trim(),
				}),
			),
		);
	}
	return errors;
}

function detailsOf({ kind, message, advice, code, status }: FeedFailure) {
	return { kind, message, advice, code, status };
}

function toError(node: INode, report: Exclude<Report, { kind: 'typeFailed' }>): Error {
	switch (report.kind) {
		case 'lostInterval': {
			const { contentType, startMs, endMs } = report.interval;
			return new NodeOperationError(
				node,
				`Content of ${contentType} from ${toReadable(startMs)} to ${toReadable(endMs)} can no longer be listed`,
				{
					description:
						'Microsoft lists content for 7 days, and this interval was not collected in time. Search for it in the audit log of Microsoft Purview. Collection goes on after the interval.',
				},
			);
		}
		case 'lostContent':
			return new NodeOperationError(
				node,
				`Content ${report.blob.contentId} (${report.blob.contentType}) expired before it could be read`,
				{ description: `The last attempt: ${report.failure.message}` },
			);
		default:
			return new NodeOperationError(
				node,
				`After ${report.attempts} runs that did not succeed, events of ${report.contentIds.length} content blobs were set aside`,
				{
					description: `Get them with Content > Get before they expire: ${named(report.contentIds)}`,
				},
			);
	}
}

function named(contentIds: string[]): string {
	const more = contentIds.length - MAX_NAMED;
	return contentIds.slice(0, MAX_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
