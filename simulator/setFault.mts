import { NO_FAULTS } from './faults.mts';
import type { Faults } from './faults.mts';
import { CONTENT_ID_TRICKS } from './hostileContentId.mts';

/** Faults that take one of a few values. */
const CHOICES: { [Name in keyof Faults]?: ReadonlyArray<Faults[Name]> } = {
	longRange: ['AF20030', 'AF20055', 'partial'],
	oldRange: ['AF20030', 'AF20055'],
	contentUri: ['own', 'localhost', 'foreign'],
	contentIdTrick: ['any', ...CONTENT_ID_TRICKS],
	nextPageVersion: ['v1', 'v1.0'],
	nextPageHost: ['own', 'foreign'],
	unauthorizedBody: ['json', 'text'],
	missingRoleStatus: [401, 403],
	tokenError: ['none', 'throttled', 'unavailable', 'html', 'notJson'],
	subscriptionListShape: ['documented', 'withoutStatus'],
	startThrottle: ['contentType', 'tenant', 'off'],
	startThrottleStatus: [403, 429],
	throttleStatus: [429, 403],
	redirectStatus: [0, 301, 302, 303, 307, 308],
	redirectTo: ['foreign', 'chain', 'loop'],
};

/**
 * Sets one fault, given as text on the command line or as a JSON value. Throws on names and values that it does
 * not know, saying which there are.
 */
export function setFault(faults: Faults, name: string, value: unknown): void {
	if (!Object.hasOwn(NO_FAULTS, name)) {
		throw new Error(`No fault "${name}". There are: ${Object.keys(NO_FAULTS).join(', ')}`);
	}
	const sample = NO_FAULTS[name as keyof Faults];
	const choices = CHOICES[name as keyof Faults] as readonly unknown[] | undefined;
	const converted = convert(sample, value);
	if (converted === undefined || (choices && !choices.includes(converted))) {
		const wanted = choices
			? `one of ${choices.join(', ')}`
			: `a value like ${JSON.stringify(sample)}`;
		throw new Error(`Fault ${name} takes ${wanted}, not ${JSON.stringify(value)}`);
	}
	Object.assign(faults, { [name]: converted });
}

function convert(sample: unknown, value: unknown): unknown {
	switch (typeof sample) {
		case 'number': {
			const number = Number(value);
			return value === '' || value === null || Number.isNaN(number) ? undefined : number;
		}
		case 'boolean':
			return typeof value === 'boolean' ? value : { true: true, false: false }[String(value)];
		case 'string':
			return typeof value === 'string' ? value : undefined;
		default:
			return Array.isArray(value) ? value : String(value).split(',').filter(Boolean);
	}
}
