import type { INode, NodeOperationError } from 'n8n-workflow';

import { FeedFailure } from '../../nodes/feed/failure';
import type { ContentBlob } from '../../nodes/feed/types';
import type { Report } from '../../nodes/trigger/collector/types';
import { toErrors } from '../../nodes/trigger/reports';

const NODE = { id: '1', name: 'Trigger', type: 'x', typeVersion: 1, position: [0, 0], parameters: {} } as INode;
const NOW = Date.UTC(2026, 2, 10, 12);

const told = (...reports: Report[]) =>
	toErrors(NODE, reports).map((error) => ({
		message: error.message,
		description: (error as NodeOperationError).description ?? '',
	}));

function lost(contentId: string): Report {
	const failure = new FeedFailure({ kind: 'contentGone', message: 'It has expired' });
	return { kind: 'lostContent', blob: { contentId, contentType: 'DLP.All' } as ContentBlob, failure };
}

function refused(contentType: 'DLP.All' | 'Audit.Exchange' | 'Audit.General', code?: string, advice?: string): Report {
	const failure = new FeedFailure({ kind: 'permission', message: 'The app may not', code, advice });
	return { kind: 'typeFailed', contentType, failure };
}

describe('what a failed execution of the trigger says', () => {
	it('names the one blob that is lost, and why', () => {
		expect(told(lost('a$b'))).toEqual([
			{
				message: 'Content a$b (DLP.All) could not be read in time and will not be tried again',
				description: 'a$b (DLP.All): It has expired',
			},
		]);
	});

	it('names every one of many that are lost, 200 in one message', () => {
		const ids = Array.from({ length: 401 }, (_, index) => `blob ${index}.`);
		const errors = told(...ids.map(lost));
		expect(errors.map(({ message }) => /^(\d+ content blobs|Content blob \d+\.)/.exec(message)?.[1])).toEqual([
			...['200 content blobs', '200 content blobs', 'Content blob 400.'],
		]);
		const names = errors.map(({ description }) => description).join('\n').split('\n');
		expect(names.map((line) => line.split(' (')[0])).toEqual(ids);
	});

	it('names every blob of which events were set aside, 200 in one message', () => {
		const contentIds = Array.from({ length: 201 }, (_, index) => `blob ${index}`);
		const errors = told({ kind: 'setAside', contentIds, attempts: 5 });
		expect(errors.map(({ message }) => message)).toEqual([
			'After 5 runs that did not succeed, events of 200 content blobs were set aside',
			'After 5 runs that did not succeed, events of 1 content blobs were set aside',
		]);
		expect(errors[1]?.description).toBe('Get them with Content > Get before they expire: blob 200');
	});

	it('names the interval whose list has no end, of which some may have been collected', () => {
		const interval = { contentType: 'Audit.General', startMs: NOW - 60_000, endMs: NOW, unending: true } as const;
		const [error] = told({ kind: 'lostInterval', interval });
		expect(error?.message).toBe('Content of Audit.General from 2026-03-10 11:59:00 UTC to 2026-03-10 12:00:00 UTC has a list without an end');
		expect(error?.description).toContain('some of this interval may be missing');
	});

	it('names the interval that can no longer be listed', () => {
		const interval = { contentType: 'Audit.General', startMs: NOW - 60_000, endMs: NOW } as const;
		const [error] = told({ kind: 'lostInterval', interval });
		expect(error?.message).toBe(
			'Content of Audit.General from 2026-03-10 11:59:00 UTC to 2026-03-10 12:00:00 UTC can no longer be listed',
		);
		expect(error?.description).toContain('Collection goes on after the interval.');
	});

	it('tells content types that fail for one reason together', () => {
		const errors = told(refused('DLP.All', 'AF10001'), refused('Audit.Exchange'), refused('Audit.General', 'AF10001', 'Ask.'));
		expect(errors.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^DLP\.All, Audit\.General cannot be read at present: The app may not/),
			expect.stringMatching(/^Audit\.Exchange cannot be read at present: The app may not/),
		]);
		expect(errors[0]?.description).toMatch(/^Ask\. Nothing is lost yet/);
		expect(errors[1]?.description).toMatch(/^Nothing is lost yet/);
	});
});
