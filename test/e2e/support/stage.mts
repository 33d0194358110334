import type { BrowserContext, Page } from 'playwright-core';

import { createCredential } from '../../../scripts/n8n/credentials.mts';
import type { StoredCredential } from '../../../scripts/n8n/credentials.mts';
import type { RunningN8n } from '../../../scripts/n8n/index.mts';
import { OWNER } from '../../../scripts/n8n/rest.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../../../scripts/simulatedTenant.mts';
import { startSimulator } from '../../../simulator/index.mts';
import type { Simulator } from '../../../simulator/types.mts';
import { startRealN8n } from '../../real/support/realN8n.mts';
import { launchChromium } from './chromium.mts';
import { keepEvidence } from './evidence.mts';

/** Of one step; the machine may be busy with other things. */
const STEP_TIMEOUT_MS = 120_000;
const VIEWPORT = { width: 1440, height: 860 };

/** A person at n8n's editor: the package installed, a simulated tenant, a browser that is signed in. */
export interface Stage {
	n8n: RunningN8n;
	simulator: Simulator;
	/** Saved in n8n, right for the simulated tenant. */
	credential: StoredCredential;
	page: Page;
	/** A window in n8n's dark theme, signed in like the other. */
	openDark(): Promise<Page>;
	close(): Promise<void>;
}

async function signIn(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[name=emailOrLdapLoginId]').fill(OWNER.email);
	await page.locator('input[name=password]').fill(OWNER.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL(({ pathname }) => pathname !== '/signin');
}

export async function createStage(): Promise<Stage> {
	const undo: Array<() => Promise<void>> = [];
	const close = async () => {
		for (let step = undo.pop(); step; step = undo.pop()) await step();
	};
	try {
		// First, because it may be missing: nobody should wait for n8n to be told so.
		const browser = await launchChromium();
		undo.push(async () => await browser.close());
		// Six days, so that nothing falls off the API's seven while the tests run.
		const simulator = await startSimulator({ blobs: 60, eventsPerBlob: 8, days: 6 });
		undo.push(async () => await simulator.close());
		const n8n = await startRealN8n();
		undo.push(async () => await n8n.close());
		const data = credentialFor(simulator);
		const credential = await createCredential(n8n.session, CREDENTIAL_TYPE, 'Contoso', data);
		const context = await browser.newContext({ viewport: VIEWPORT, colorScheme: 'light' });
		context.setDefaultTimeout(STEP_TIMEOUT_MS);
		const page = await context.newPage();
		await signIn(page, n8n.server.url);
		const openDark = async () => await darkPage(context, n8n.server.url);
		return { n8n, simulator, credential, page, openDark, close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function darkPage(light: BrowserContext, url: string): Promise<Page> {
	const browser = light.browser();
	if (!browser) throw new Error('The browser is gone');
	const context = await browser.newContext({ viewport: VIEWPORT, colorScheme: 'dark' });
	context.setDefaultTimeout(STEP_TIMEOUT_MS);
	const page = await context.newPage();
	await signIn(page, url);
	return page;
}

/** A jest test that leaves a picture of the page behind when it fails. */
export function screenTest(
	name: string,
	stage: () => Stage,
	body: (stage: Stage) => Promise<void>,
	timeoutMs = 360_000,
): void {
	it(
		name,
		async () => {
			const { page } = stage();
			try {
				await body(stage());
			} catch (error) {
				const file = await keepEvidence(page, name);
				if (error instanceof Error) error.message += `\nThe page as it was: ${file}`;
				throw error;
			}
		},
		timeoutMs,
	);
}
