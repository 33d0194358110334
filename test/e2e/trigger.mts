import type { Page } from 'playwright-core';

import { listExecutions, readExecution } from '../../scripts/n8n/executions.mts';
import {
	choose,
	closeNode,
	execute,
	field,
	labels,
	openNewNode,
	outputPanel,
	parameters,
	pickCredential,
	showOutputAs,
} from './support/editor.mts';
import { eventually } from './support/eventually.mts';
import { screenshot } from './support/evidence.mts';
import { screenTest } from './support/stage.mts';
import type { Stage } from './support/stage.mts';

/** A poll comes once a minute, and the machine may be busy. */
const POLL_TIMEOUT_MS = 180_000;

async function openTrigger(at: Stage): Promise<void> {
	await openNewNode(at.page, at.n8n.server.url, 'On new Office 365 Management event');
	await pickCredential(at.page, at.credential.name);
}

async function publish(page: Page): Promise<void> {
	await page.getByTestId('workflow-open-publish-modal-button').click();
	await page.getByTestId('workflow-publish-button').click();
	await page.getByTestId('workflow-active-version-indicator').waitFor();
}

export function trigger(stage: () => Stage): void {
	screenTest('the trigger’s parameters go from when and what to how it is delivered', stage, async (at) => {
		await openTrigger(at);
		const expected = [
			'Poll Times',
			'Mode',
			'Content Types',
			'Start From',
			'Filters',
			'Output',
			'Simplify',
			'Delivery',
			'Options',
		];
		await eventually(async () => expect(await labels(parameters(at.page))).toEqual(expected));
		await at.page.getByText('When will this node trigger my flow?').click();
		await at.page.getByText(/up to 10 of the newest events/).waitFor();
		await screenshot(at.page, 'trigger-parameters');
	});

	screenTest('a test event can be fetched', stage, async (at) => {
		await openTrigger(at);
		await execute(at.page);
		await showOutputAs(at.page, 'json');
		await outputPanel(at.page).getByText('"CreationTime"').first().waitFor();
		await outputPanel(at.page).getByText('10 items').waitFor();
	});

	screenTest(
		'a published workflow’s executions are in the list, with the events in them',
		stage,
		async (at) => {
			const { page, n8n } = at;
			await openTrigger(at);
			await choose(page, field(parameters(page), 'startFrom'), 'Last');
			await eventually(async () => {
				expect(await labels(parameters(page))).toEqual(expect.arrayContaining(['Amount', 'Unit']));
			});
			await closeNode(page);
			await page.getByTestId('canvas-trigger-node').getByText('4 content types').waitFor();
			await publish(page);
			await page.getByText(/minutes to a day after they happened/).waitFor();
			await page.getByRole('button', { name: 'Got it' }).click();
			await page.getByTestId('radio-button-executions').click();

			const entry = page.getByTestId('current-executions-list').getByText('Succeeded in').first();
			await entry.waitFor({ timeout: POLL_TIMEOUT_MS });
			await entry.click();
			await page.getByTestId('canvas-node-status-success').waitFor();
			await screenshot(page, 'trigger-active');
			const workflow = { id: /\/workflow\/(\w+)/.exec(page.url())?.[1] ?? '' };
			const [first] = (await listExecutions(n8n.session, workflow)).slice(-1);
			expect(first).toMatchObject({ status: 'success', mode: 'trigger' });
			const { items } = await readExecution(n8n.session, first?.id ?? '');
			expect(items['Office 365 Management Trigger']?.[0]?.json).toHaveProperty('Operation');
		},
		POLL_TIMEOUT_MS + 360_000,
	);
}
