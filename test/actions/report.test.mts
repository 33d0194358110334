import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import {
	createReport,
	type Missing,
	type UnreadableContent,
} from '../../nodes/actions/common/report';
import type { OperationContext } from '../../nodes/actions/types';
import { FeedFailure } from '../../nodes/feed/failure';
import { fakeNode } from './fakeNode.mts';

const BLOB: Missing = {
	contentType: 'Audit.General',
	contentId: 'a$b',
	failure: new FeedFailure({
		kind: 'contentGone',
		message: 'It has expired (AF20051, HTTP 400)',
		advice: 'Fetch it sooner.',
		status: 400,
		code: 'AF20051',
	}),
};
const WINDOW: Missing = {
	contentType: 'DLP.All',
	window: { startMs: Date.UTC(2026, 2, 1), endMs: Date.UTC(2026, 2, 2) },
	failure: new FeedFailure({
		kind: 'permission',
		message: 'Not allowed (AF10001, HTTP 403)',
		status: 403,
		code: 'AF10001',
	}),
};

function stage(mode: UnreadableContent) {
	const hints: string[] = [];
	const warnings: string[] = [];
	const debug: string[] = [];
	const context = {
		node: fakeNode(),
		itemIndex: 2,
		logger: { debug: (text: string) => debug.push(text), warn: () => undefined },
		hint: (text: string, logged: string) => {
			hints.push(text);
			warnings.push(logged);
		},
	} as unknown as OperationContext;
	return { report: createReport(context, mode), hints, warnings, debug };
}

describe('“report”', () => {
	it('gives one last item for each thing that could not be read, and one hint', () => {
		const { report, hints, warnings, debug } = stage('report');
		report.missing(BLOB);
		report.missing(WINDOW);
		report.finish();
		expect(report.items()).toEqual([
			{
				json: {
					error: 'It has expired (AF20051, HTTP 400). Fetch it sooner.',
					contentId: 'a$b',
					contentType: 'Audit.General',
				},
				pairedItem: { item: 2 },
			},
			{
				json: {
					error: 'Not allowed (AF10001, HTTP 403)',
					contentType: 'DLP.All',
					windowStart: '2026-03-01T00:00:00.000Z',
					windowEnd: '2026-03-02T00:00:00.000Z',
				},
				pairedItem: { item: 2 },
			},
		]);
		expect(hints).toEqual([
			'Content of Audit.General could not be read: It has expired (AF20051, HTTP 400) (and 1 more, listed as the last items)',
		]);
		expect(warnings).toEqual([expect.stringMatching(/^Content a\$b could not be read: /)]);
		expect(debug).toHaveLength(2);
	});

	it('names the window in the hint when it comes first', () => {
		const { report, hints } = stage('report');
		report.missing(WINDOW);
		report.finish();
		expect(hints).toEqual([
			'DLP.All from 2026-03-01 00:00:00 UTC to 2026-03-02 00:00:00 UTC could not be read: Not allowed (AF10001, HTTP 403)',
		]);
	});

	it('says nothing when nothing is missing', () => {
		const { report, hints } = stage('report');
		report.finish();
		expect([hints, report.items()]).toEqual([[], []]);
	});
});

describe('“ignore”', () => {
	it('says nothing but a line in the debug log', () => {
		const { report, hints, debug } = stage('ignore');
		report.missing(BLOB);
		report.finish();
		expect([hints, report.items()]).toEqual([[], []]);
		expect(debug).toEqual(['Content a$b could not be read: It has expired (AF20051, HTTP 400)']);
	});
});

describe('“fail”', () => {
	it('stops at the first blob and says how to get everything else', () => {
		const { report } = stage('fail');
		const failing = () => report.missing(BLOB);
		expect(failing).toThrow(NodeOperationError);
		expect(failing).toThrow('Content a$b could not be read: It has expired');
		expect(failing).toThrow(
			expect.objectContaining({
				description: expect.stringContaining('Unreadable Content') as unknown,
				context: expect.objectContaining({ itemIndex: 2 }) as unknown,
			}),
		);
	});

	it('stops at a type that cannot be listed with that failure itself', () => {
		const { report } = stage('fail');
		expect(() => report.missing(WINDOW)).toThrow(NodeApiError);
		expect(() => report.missing(WINDOW)).toThrow('Not allowed (AF10001, HTTP 403)');
	});
});
