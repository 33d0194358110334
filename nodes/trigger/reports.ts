import { NodeOperationError, type INode } from 'n8n-workflow';

import { toNodeError } from '../actions/common/errors';
import type { LostInterval } from '../feed/checkpoint/listingPlan';
import { FeedFailure } from '../feed/failure';
import { toReadable } from '../feed/time';
import type { Report } from './collector/types';

/** How many contentIds one message names; more make more messages, so that none stays unnamed. */
const MAX_NAMED = 200;

/** What the user reads in a failed execution. Content types that failed for one reason share one. */
export function toErrors(node: INode, reports: Report[]): Error[] {
	const errors: Error[] = [];
	const failures = new Map<string, FeedFailure & { types?: string[] }>();
	const types = new Map<string, string[]>();
	const expired = reports.filter((report) => report.kind === 'lostContent');
	for (let from = 0; from < expired.length; from += MAX_NAMED) {
		errors.push(lostContent(node, expired.slice(from, from + MAX_NAMED)));
	}
	for (const report of reports) {
		if (report.kind === 'lostContent') continue;
		if (report.kind !== 'typeFailed') {
			errors.push(...toErrorsOf(node, report));
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

function toErrorsOf(
	node: INode,
	report: Extract<Report, { kind: 'lostInterval' | 'setAside' }>,
): Error[] {
	if (report.kind === 'lostInterval') return [lostInterval(node, report.interval)];
	const errors: Error[] = [];
	for (let from = 0; from < report.contentIds.length; from += MAX_NAMED) {
		errors.push(setAside(node, report.contentIds.slice(from, from + MAX_NAMED), report.attempts));
	}
	return errors;
}

function lostInterval(node: INode, { contentType, startMs, endMs, unending }: LostInterval): Error {
	return new NodeOperationError(
		node,
		`Content of ${contentType} from ${toReadable(startMs)} to ${toReadable(endMs)} ${unending ? 'has a list without an end' : 'can no longer be listed'}`,
		{
			description: `${unending ? 'It was listed again and again, and what Microsoft’s pages brought was collected; some of this interval may be missing.' : 'Microsoft lists content for 7 days, and this interval was not collected in time.'} Search for it in the audit log of Microsoft Purview. Collection goes on after the interval.`,
		},
	);
}

function lostContent(node: INode, lost: Array<Extract<Report, { kind: 'lostContent' }>>): Error {
	const [first] = lost;
	const what =
		lost.length === 1 && first
			? `Content ${first.blob.contentId} (${first.blob.contentType})`
			: `${lost.length} content blobs`;
	return new NodeOperationError(node, `${what} could not be read in time and will not be tried again`, {
		description: lost
			.map(({ blob, failure }) => `${blob.contentId} (${blob.contentType}): ${failure.message}`)
			.join('\n'),
	});
}

function setAside(node: INode, contentIds: string[], attempts: number): Error {
	return new NodeOperationError(
		node,
		`After ${attempts} runs that did not succeed, events of ${contentIds.length} content blobs were set aside`,
		{ description: `Get them with Content > Get before they expire: ${contentIds.join(', ')}` },
	);
}
