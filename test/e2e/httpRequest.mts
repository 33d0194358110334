import {
	choose,
	execute,
	field,
	foundNode,
	openNewWorkflow,
	outputPanel,
	parameters,
	searchNodes,
	showOutputAs,
	visibleOption,
} from './support/editor.mts';
import { eventually } from './support/eventually.mts';
import { screenTest } from './support/stage.mts';
import type { Stage } from './support/stage.mts';

export function httpRequest(stage: () => Stage): void {
	screenTest('signs its request with our credential, a predefined credential type', stage, async (at) => {
		const { page, simulator, credential } = at;
		const { tenantId } = simulator.tenant;
		await openNewWorkflow(page, at.n8n.server.url);
		await searchNodes(page, 'http request');
		await foundNode(page, 'HTTP Request').first().click();
		const form = parameters(page);
		const url = `${simulator.url}/api/v1.0/${tenantId}/activity/feed/subscriptions/list`;
		await field(form, 'url').fill(`${url}?PublisherIdentifier=${tenantId}`);
		await choose(page, field(form, 'authentication'), 'Predefined Credential Type');
		const type = form.getByTestId('credential-select').locator('input');
		await type.click();
		await type.fill('Office 365 Man');
		await visibleOption(page, 'Office 365 Management API').click();
		await choose(page, page.getByTestId('node-credentials-select').locator('input'), credential.name);
		await execute(page);
		await showOutputAs(page, 'json');
		await outputPanel(page).getByText('"Audit.Exchange"').waitFor();
		await eventually(async () => {
			expect(await outputPanel(page).innerText()).toMatch(/"status"\s*:\s*"enabled"/);
		});
	});
}
