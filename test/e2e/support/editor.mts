import type { Locator, Page } from 'playwright-core';

/** What a person does in n8n 2.40's editor, by the marks that n8n's own tests use. */

export async function openNewWorkflow(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/workflow/new`);
	await page.getByTestId('canvas-add-button').waitFor();
}

export const nodeCreator = (page: Page): Locator => page.getByTestId('node-creator');

/** Types into the nodes panel's search; opens the panel for the first step if need be. */
export async function searchNodes(page: Page, text: string): Promise<void> {
	if (!(await nodeCreator(page).isVisible())) {
		await page.getByTestId('canvas-add-button').getByTestId('canvas-plus-button').click();
	}
	await nodeCreator(page).locator('input').fill(text);
}

/** The nodes panel for a step after the trigger. */
export async function openNextSteps(page: Page): Promise<void> {
	await page.getByTestId('node-creator-plus-button').click();
	await nodeCreator(page).waitFor();
}

export const foundNode = (page: Page, name: string): Locator =>
	nodeCreator(page).getByTestId('node-creator-item-name').getByText(name, { exact: true });

/** Adds one of the actions or triggers behind a found node; n8n then shows the new node's parameters. */
export async function addAction(page: Page, action: string): Promise<void> {
	const entry = nodeCreator(page).getByText(action, { exact: true });
	const actions = nodeCreator(page).getByText(/^Actions \(/);
	await entry.or(actions).first().waitFor();
	if (!(await entry.isVisible())) await actions.click();
	await entry.click();
	await parameters(page).waitFor();
}

/** A new workflow whose only step of ours is this one, with its parameters open. */
export async function openNewNode(page: Page, url: string, action: string): Promise<void> {
	await openNewWorkflow(page, url);
	await searchNodes(page, 'office 365');
	await foundNode(page, 'Office 365 Management').click();
	await addAction(page, action);
}

export const parameters = (page: Page): Locator => page.getByTestId('node-parameters');
export const outputPanel = (page: Page): Locator => page.getByTestId('output-panel');

/** The input of a parameter in the node, or of a field in the credential's dialog. */
export const field = (within: Locator | Page, name: string): Locator =>
	within.getByTestId(`parameter-input-${name}`).locator('input');

/** The labels of what is shown, from top to bottom. */
export async function labels(within: Locator): Promise<string[]> {
	const shown = within.getByTestId(/^(input-label|credential-connection-parameter)$/);
	const texts = await shown.filter({ visible: true }).allInnerTexts();
	return texts.map((text) => text.split('\n')[0]?.replace(/\s*\*$/, '').trim() ?? '');
}

/** Opens a dropdown and picks an option by how its text begins. */
export async function choose(page: Page, dropdown: Locator, option: string): Promise<void> {
	await dropdown.click();
	await visibleOption(page, option).click();
}

export const visibleOption = (page: Page, name: string): Locator =>
	page.getByRole('option', { name: new RegExp(`^${name}`) }).filter({ visible: true }).first();

/** Picks a stored credential in the selector of the open node. */
export async function pickCredential(page: Page, name: string): Promise<void> {
	await choose(page, page.getByTestId('node-credentials-select').locator('input'), name);
}

export async function closeNode(page: Page): Promise<void> {
	await page.getByTestId('ndv-close-button').click();
	await parameters(page).waitFor({ state: 'hidden' });
}

/** "Execute step", or "Fetch Test Event" of a trigger; waits for the output. */
export async function execute(page: Page): Promise<void> {
	await page.getByTestId('node-execute-button').first().click();
	await page.getByTestId('node-run-info').waitFor();
}

export async function showOutputAs(page: Page, mode: 'table' | 'json'): Promise<void> {
	await outputPanel(page).getByTestId(`radio-button-${mode}`).click();
}

export const outputHints = (page: Page): Locator => outputPanel(page).getByTestId('run-data-hints');
