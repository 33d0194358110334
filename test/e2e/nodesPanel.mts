import { foundNode, nodeCreator, openNewWorkflow, openNextSteps, searchNodes } from './support/editor.mts';
import { eventually } from './support/eventually.mts';
import { screenshot } from './support/evidence.mts';
import { screenTest } from './support/stage.mts';
import type { Stage } from './support/stage.mts';

const NODE = 'Office 365 Management';
/** n8n shows trigger and actions as one entry, with the trigger's description. */
const DESCRIBED = /^Office 365 Management Microsoft 365 audit log: /;
/** The README's comes last, for its picture. */
const SEARCHES = ['office 365', 'o365', 'audit log'];

/** Every search finds our node as its best match, which stands first, with what the nodes panel says below its name. */
async function expectFound({ page }: Stage): Promise<void> {
	for (const search of SEARCHES) {
		// So that what is found is not what was found before.
		await searchNodes(page, '');
		await foundNode(page, NODE).waitFor({ state: 'hidden' });
		await searchNodes(page, search);
		const first = nodeCreator(page).getByTestId('item-iterator-item').first();
		await eventually(async () => {
			expect((await first.innerText()).replace(/\s+/g, ' ')).toMatch(DESCRIBED);
		});
	}
}

export function nodesPanel(stage: () => Stage): void {
	screenTest('a search for the first step finds the trigger', stage, async (at) => {
		await openNewWorkflow(at.page, at.n8n.server.url);
		await expectFound(at);
		await screenshot(at.page, 'search');
	});

	screenTest('a search for a later step finds the action node', stage, async (at) => {
		await openNewWorkflow(at.page, at.n8n.server.url);
		await searchNodes(at.page, 'manual');
		await foundNode(at.page, 'Trigger manually').click();
		await openNextSteps(at.page);
		await expectFound(at);
	});

	screenTest('what was found lists the trigger and every operation', stage, async (at) => {
		const { page } = at;
		await openNewWorkflow(page, at.n8n.server.url);
		await searchNodes(page, 'o365');
		await foundNode(page, NODE).click();
		await nodeCreator(page).getByText(/^Actions \(9\)/).click();
		await nodeCreator(page).getByText('Stop a subscription').waitFor();
		await eventually(async () => {
			const text = await nodeCreator(page).innerText();
			for (const entry of ['Triggers (1)', 'Get many audit events', 'Check the setup']) {
				expect(text).toContain(entry);
			}
		});
	});

	screenTest('its icon suits the light and the dark theme', stage, async (at) => {
		const iconIn = async (page: Stage['page']): Promise<string | null> => {
			await openNewWorkflow(page, at.n8n.server.url);
			await searchNodes(page, 'o365');
			await foundNode(page, NODE).waitFor();
			const icon = nodeCreator(page).getByTestId('item-iterator-item').first().locator('img');
			const source = await icon.first().getAttribute('src');
			const answer = await page.request.get(`${at.n8n.server.url}${source}`);
			expect(answer.headers()['content-type']).toContain('image/svg');
			return source;
		};
		expect(await iconIn(at.page)).toMatch(/office365Management\.svg$/);
		const dark = await at.openDark();
		expect(await iconIn(dark)).toMatch(/office365Management\.dark\.svg$/);
		await dark.context().close();
	});
}
