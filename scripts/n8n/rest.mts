import { setTimeout as sleep } from 'node:timers/promises';

/** One signed-in browser, as far as n8n's REST API can tell. */
export interface RestSession {
	get<T>(path: string): Promise<T>;
	post<T>(path: string, body?: object): Promise<T>;
	patch<T>(path: string, body: object): Promise<T>;
	/** What identifies this browser and its user, for requests outside the REST API. */
	headers(): Record<string, string>;
}

/** One answer of n8n's to its editor. */
export interface RestAnswer {
	/** `GET /workflows/1`. */
	call: string;
	status: number;
	body: string;
}

export interface SessionOptions {
	/** Identifies the browser window to which n8n pushes what happens in executions started from it. */
	pushRef?: string;
	/** Called with every answer, refusals too. */
	onAnswer?: (answer: RestAnswer) => void;
}

/** The account of a throwaway n8n on loopback. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'Look-around-1',
	firstName: 'Olivia',
	lastName: 'Owner',
};

const REQUEST_TIMEOUT_MS = 60_000;
const SETTLING_MS = 180_000;

/** What n8n answers, before it looks at the request, when its database was slow to answer a ping: on a busy machine. */
const BUSY = 'Database is not ready';
const BUSY_TRIES = 60;
const BUSY_PAUSE_MS = 1_000;

/** REST calls with n8n's cookie. */
function openSession(url: string, { pushRef, onAnswer }: SessionOptions): RestSession {
	let cookie = '';
	const headers = () => ({
		// n8n ties its cookie to the browser's id.
		'browser-id': 'office365-management',
		...(pushRef && { 'push-ref': pushRef }),
		...(cookie && { cookie }),
		// n8n ends idle connections just when a busy machine takes one up again.
		connection: 'close',
	});
	const request = async <T,>(method: string, path: string, body?: object, patience = BUSY_TRIES): Promise<T> => {
		const response = await fetch(`${url}/rest${path}`, {
			method,
			headers: { ...headers(), 'content-type': 'application/json' },
			...(body && { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
		});
		const issued = response.headers.getSetCookie().find((value) => value.startsWith('n8n-auth='));
		if (issued) cookie = issued.split(';')[0] ?? '';
		const text = await response.text();
		onAnswer?.({ call: `${method} ${path}`, status: response.status, body: text });
		if (response.status === 503 && text.includes(BUSY) && patience > 0) {
			await sleep(BUSY_PAUSE_MS);
			return await request(method, path, body, patience - 1);
		}
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
		const answer = JSON.parse(text || '{}') as { data?: T };
		return (answer.data ?? answer) as T;
	};
	return {
		get: async (path) => await request('GET', path),
		post: async (path, body = {}) => await request('POST', path, body),
		patch: async (path, body) => await request('PATCH', path, body),
		headers,
	};
}

/**
 * Signs in as the owner; creates that account first if this n8n has none.
 *
 * @throws Error with n8n's answer, if there is another owner
 */
export async function signIn(url: string, options: SessionOptions = {}): Promise<RestSession> {
	const session = openSession(url, options);
	const settings = await settingsOf(session);
	if (settings.userManagement.showSetupOnFirstLoad) {
		await session.post('/owner/setup', OWNER);
	} else {
		const { email, password } = OWNER;
		// 1.x knew the first field as `email`; unknown ones are ignored.
		await session.post('/login', { emailOrLdapLoginId: email, email, password });
	}
	return session;
}

interface Settings {
	userManagement: { showSetupOnFirstLoad: boolean };
}

/** For a moment after it is ready, n8n may still answer with its start page, or 503; a busy machine makes it minutes. */
async function settingsOf(session: RestSession): Promise<Settings> {
	const deadline = Date.now() + SETTLING_MS;
	for (;;) {
		try {
			return await session.get<Settings>('/settings');
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await sleep(250);
		}
	}
}
