import { existsSync } from 'node:fs';

import { chromium, selectors } from 'playwright-core';
import type { Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-dev-shm-usage',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
	'--force-color-profile=srgb',
	'--font-render-hinting=none',
];

/**
 * Starts the machine's Chromium, without a window. `CHROMIUM` names another one.
 *
 * @throws Error that says what to install, if there is none
 */
export async function launchChromium(): Promise<Browser> {
	const chosen = process.env['CHROMIUM'];
	const executablePath = (chosen ? [chosen] : PLACES).find((place) => existsSync(place));
	if (!executablePath) {
		throw new Error(
			`No Chromium in ${chosen ?? PLACES.join(', ')}. Debian and Ubuntu: sudo apt-get install chromium. ` +
				'Elsewhere: set CHROMIUM to the path of a Chromium or Chrome.',
		);
	}
	// How n8n's editor marks its elements for tests.
	selectors.setTestIdAttribute('data-test-id');
	return await chromium.launch({ executablePath, args: FLAGS });
}
