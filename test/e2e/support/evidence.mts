import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { ROOT } from '../../../scripts/package.mts';

const FAILURES = join(ROOT, '.tmp', 'e2e');
const IMAGES = join(ROOT, 'docs', 'images');

/** What the page showed when a test failed: a picture and its text, under `.tmp/e2e/`. */
export async function keepEvidence(page: Page, test: string): Promise<string> {
	await mkdir(FAILURES, { recursive: true });
	const file = join(FAILURES, test.replace(/[^\w]+/g, '-').slice(0, 80));
	await page.screenshot({ path: `${file}.png` });
	await writeFile(`${file}.txt`, `${page.url()}\n\n${await page.locator('body').innerText()}\n`);
	return `${file}.png`;
}

/**
 * A picture for the README, `docs/images/<name>.png`. Taken only with SCREENSHOTS=1 in the environment, so that an
 * ordinary run leaves the checkout as it is.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
	if (!process.env['SCREENSHOTS']) return;
	const toasts = page.locator('.el-notification');
	for (const toast of await toasts.all()) await toast.waitFor({ state: 'hidden' });
	// Icons come one by one.
	await page.waitForFunction('[...document.images].every(({ complete }) => complete)');
	await mkdir(IMAGES, { recursive: true });
	await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
