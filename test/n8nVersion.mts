import { chosenVersion, N8N_1 } from '../scripts/n8n/versions.mts';

/** What n8n 1.x cannot do; the README's table of versions has the same. */
const isN8n1 = chosenVersion() === N8N_1;

/**
 * The sentence of the credential's test for a refused request. n8n 1.x forgets what the API answered and shows its own.
 */
export function refusalSentence(ours: RegExp, ofN8n1 = /check your credentials/): RegExp {
	return isN8n1 ? ofN8n1 : ours;
}

/** n8n 1.x refuses to save a credential without a required field; 2.x saves it, and the test says what is missing. */
export const SAVES_INCOMPLETE_CREDENTIALS = !isN8n1;

/** n8n 1.x has only the one poller. */
export const HAS_DURABLE_SCHEDULER = !isN8n1;
