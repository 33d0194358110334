import type { Locator } from 'playwright-core';

import {
	choose,
	execute,
	field,
	labels,
	openNewNode,
	outputHints,
	outputPanel,
	parameters,
	pickCredential,
	showOutputAs,
	visibleOption,
} from './support/editor.mts';
import { eventually } from './support/eventually.mts';
import { screenshot } from './support/evidence.mts';
import { screenTest } from './support/stage.mts';
import type { Stage } from './support/stage.mts';

async function openGetMany(at: Stage): Promise<void> {
	await openNewNode(at.page, at.n8n.server.url, 'Get many audit events');
	await pickCredential(at.page, at.credential.name);
}

/** What the list of options to add offers. */
async function offeredOptions({ page }: Stage): Promise<string[]> {
	const add = parameters(page).getByTestId('collection-parameter-add').last().locator('input');
	await add.click();
	await visibleOption(page, 'Concurrency').waitFor();
	const names = await page.getByRole('option').filter({ visible: true }).allInnerTexts();
	await page.keyboard.press('Escape');
	return names;
}

export function getMany(stage: () => Stage): void {
	screenTest('the parameters go from what is read to what comes out', stage, async (at) => {
		await openGetMany(at);
		const expected = [
			'Resource',
			'Operation',
			'Content Types',
			'Time Range',
			'Amount',
			'Unit',
			'Return All',
			'Limit',
			'Filters',
			'Output',
			'Simplify',
			'Options',
		];
		await eventually(async () => {
			expect(await labels(parameters(at.page))).toEqual(expected);
			expect(await parameters(at.page).innerText()).toContain('By when events became available');
		});
	});

	screenTest('no option is offered that would have no effect', stage, async (at) => {
		await openGetMany(at);
		const always = [
			'Concurrency',
			'Deduplicate',
			'Max Requests per Minute',
			'Start Missing Subscriptions',
			'Unreadable Content',
		];
		const offers = async (...more: string[]) =>
			await eventually(async () => {
				expect(await offeredOptions(at)).toEqual([...always, ...more].sort());
			});
		await offers();
		await parameters(at.page).getByTestId('parameter-input-simplify').locator('.el-switch').click();
		await offers('Normalize');
		await choose(at.page, field(parameters(at.page), 'output'), 'File');
		await offers('Compress', 'Max File Size (MB)');
	});

	screenTest('a step that is executed shows events as a table and as JSON', stage, async (at) => {
		const { page } = at;
		await openGetMany(at);
		await execute(page);
		await showOutputAs(page, 'table');
		await outputPanel(page).locator('table').getByText('_content', { exact: true }).waitFor();
		await eventually(async () => {
			const headers = await outputPanel(page).locator('th').allInnerTexts();
			expect(headers.map((text) => text.trim())).toEqual(
				expect.arrayContaining(['Id', 'CreationTime', 'Workload', 'Operation', 'UserId', '_content']),
			);
		});
		await screenshot(page, 'events-table');
		await showOutputAs(page, 'json');
		await outputPanel(page).getByText('"CreationTime"').first().waitFor();
		await eventually(async () => {
			expect(await outputPanel(page).innerText()).toMatch(/"contentType"\s*:\s*"Audit\./);
		});
	});

	screenTest('a blob that cannot be read is told as a hint at the output', stage, async (at) => {
		const { page, simulator } = at;
		await openGetMany(at);
		simulator.failNext({ path: '/audit/' }, { status: 404, body: expired() });
		await execute(page);
		const hint = outputHints(page).getByText(/^Content of Audit\.\w+ could not be read: .*expired/);
		await hint.waitFor();
		expect(await isCut(hint)).toBe(false);
	});
}

/** Whether some of the text runs out of its box, as a content ID does, which has no place to break. */
async function isCut(text: Locator): Promise<boolean> {
	return await text.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
}

/** Microsoft's answer for content that is older than it keeps. */
function expired(): string {
	return JSON.stringify({ error: { code: 'AF20051', message: 'Content has expired.' } });
}
