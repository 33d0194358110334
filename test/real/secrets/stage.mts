import { randomBytes } from 'node:crypto';

import { createCredential } from '../../../scripts/n8n/credentials.mts';
import type { CredentialData, StoredCredential } from '../../../scripts/n8n/credentials.mts';
import type { RunningN8n } from '../../../scripts/n8n/index.mts';
import { listenToPush } from '../../../scripts/n8n/push.mts';
import type { PushListener } from '../../../scripts/n8n/push.mts';
import type { RestAnswer } from '../../../scripts/n8n/rest.mts';
import { secretNeedles, tokenNeedles } from '../../../scripts/secrets/forms.mts';
import type { Needle } from '../../../scripts/secrets/forms.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../../../scripts/simulatedTenant.mts';
import { startSimulator } from '../../../simulator/index.mts';
import type { Simulator, SimulatorOptions } from '../../../simulator/types.mts';
import { startRealN8n } from '../support/realN8n.mts';

const PUSH_REF = 'the-window-of-the-owner';

/** As talkative as n8n gets, on its console and in its log file; what a Code node prints goes to the console too. */
const TALKATIVE = {
	N8N_LOG_LEVEL: 'debug',
	N8N_LOG_OUTPUT: 'console,file',
	CODE_ENABLE_STDOUT: 'true',
	N8N_PUSH_BACKEND: 'sse',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
};

export interface Tenant {
	simulator: Simulator;
	/** Saved in n8n. */
	credential: StoredCredential;
}

/** A talkative n8n whose every answer is kept, and tenants whose secrets and tokens are remembered. */
export interface Stage {
	n8n: RunningN8n;
	/** A new tenant with a secret of its own, and the credential for it with these changes. */
	openTenant(name: string, options?: SimulatorOptions, changes?: CredentialData): Promise<Tenant>;
	/** A text like a client secret that must not be seen; remembered. */
	makeSecret(name: string): string;
	/** All answers of n8n's REST API so far. */
	answers: readonly RestAnswer[];
	pushed: PushListener;
	/** Every secret and every token so far, in every spelling. */
	needles(): Needle[];
	counts(): { secrets: number; tokens: number };
	close(): Promise<void>;
}

/** Like one of Microsoft's (its `~` too), with a sign for everything that some encoding changes, and never twice. */
function secretText(): string {
	return `q8Q~${randomBytes(9).toString('base64')}"a\\b+c/d=e&f<g>h%iéj_k.${randomBytes(12).toString('hex')}`;
}

export async function setStage(): Promise<Stage> {
	const secrets = new Map<string, string>();
	const simulators: Simulator[] = [];
	const answers: RestAnswer[] = [];
	const browser = {
		pushRef: PUSH_REF,
		onAnswer: (answer: RestAnswer) => void answers.push(answer),
	};
	const n8n = await startRealN8n({ environment: TALKATIVE, browser });
	const pushed = await listenToPush(n8n.server.url, n8n.session, PUSH_REF);
	const makeSecret = (name: string) => {
		const secret = secretText();
		secrets.set(`client secret ${secrets.size + 1} (${name})`, secret);
		return secret;
	};
	const tokens = () => simulators.flatMap((simulator) => simulator.issuedTokens());
	return {
		n8n,
		answers,
		pushed,
		makeSecret,
		async openTenant(name, options = {}, changes = {}) {
			const simulator = await startSimulator({
				blobs: 6,
				eventsPerBlob: 3,
				days: 1,
				seed: simulators.length + 1,
				clientSecret: makeSecret(name),
				...options,
			});
			simulators.push(simulator);
			const data = { ...credentialFor(simulator), ...changes };
			const credential = await createCredential(n8n.session, CREDENTIAL_TYPE, name, data);
			return { simulator, credential };
		},
		needles: () => [
			...[...secrets].flatMap(([name, secret]) => secretNeedles(name, secret)),
			...tokens().flatMap((token, index) => tokenNeedles(`token ${index + 1}`, token)),
		],
		counts: () => ({ secrets: secrets.size, tokens: tokens().length }),
		async close() {
			pushed.stop();
			await n8n.close();
			for (const simulator of simulators) await simulator.close();
		},
	};
}
