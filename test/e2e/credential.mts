import type { Locator } from 'playwright-core';

import { choose, field, labels, openNewNode, pickCredential } from './support/editor.mts';
import { eventually } from './support/eventually.mts';
import { screenshot } from './support/evidence.mts';
import { screenTest } from './support/stage.mts';
import type { Stage } from './support/stage.mts';

const dialogIn = ({ page }: Stage): Locator => page.getByTestId('editCredential-modal');

/** From a fresh node to the empty form of a new credential. */
async function openForm(at: Stage): Promise<Locator> {
	const { page } = at;
	await openNewNode(page, at.n8n.server.url, 'Get many audit events');
	await page.getByTestId('node-credentials-select').locator('input').click();
	await page.getByTestId('node-credentials-select-item-new').click();
	await field(dialogIn(at), 'clientId').waitFor();
	return dialogIn(at);
}

async function fillIn({ page, simulator }: Stage, dialog: Locator, secret: string): Promise<void> {
	const { clientId, tenantId } = simulator.tenant;
	await field(dialog, 'clientId').fill(clientId);
	await field(dialog, 'clientSecret').fill(secret);
	await field(dialog, 'tenantId').fill(tenantId);
	await choose(page, field(dialog, 'cloud'), 'Custom');
	await field(dialog, 'apiUrl').fill(simulator.url);
	await field(dialog, 'loginUrl').fill(simulator.url);
}

export function credential(stage: () => Stage): void {
	screenTest('the form asks for what Entra’s pages show, most needed first', stage, async (at) => {
		const dialog = await openForm(at);
		const expected = ['Client ID', 'Client Secret', 'Tenant ID', 'Cloud', 'Publisher ID'];
		await eventually(async () => {
			expect((await labels(dialog)).slice(0, expected.length)).toEqual(expected);
			const text = await dialog.innerText();
			expect(text).toContain('Application (client) ID');
			expect(text).toContain('Directory (tenant) ID');
			expect(text).toContain('the Value of a client secret, not its Secret ID');
		});
	});

	screenTest('a wrong secret gets our sentence, the right one a tested connection', stage, async (at) => {
		const dialog = await openForm(at);
		await fillIn(at, dialog, 'wrong');
		await dialog.getByTestId('credential-save-button').click();
		await dialog.getByText('More details').click();
		await dialog.getByText(/The Client Secret is not valid.*AADSTS7000215/).waitFor();
		await screenshot(at.page, 'credential-wrong-secret');

		await field(dialog, 'clientSecret').fill(at.simulator.tenant.clientSecret);
		await dialog.getByTestId('credential-save-button').click();
		// n8n closes the dialog of a credential that works, and the node has it picked.
		await dialog.waitFor({ state: 'hidden' });
		await at.page.getByTestId('credential-edit-button').click();
		await dialog.getByText('Connection tested successfully').waitFor();
		expect(await field(dialog, 'clientSecret').inputValue()).not.toBe(
			at.simulator.tenant.clientSecret,
		);
		await screenshot(at.page, 'credential-tested');
	});

	screenTest('a stored credential is picked in the node', stage, async (at) => {
		const { page } = at;
		await openNewNode(page, at.n8n.server.url, 'Get many audit events');
		await pickCredential(page, 'Contoso');
		const selector = page.getByTestId('node-credentials-select').locator('input');
		await eventually(async () => expect(await selector.inputValue()).toBe('Contoso'));
		await screenshot(page, 'credential-picked');
	});
}
