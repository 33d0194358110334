import type { RestSession } from './rest.mts';

export interface PushListener {
	/** Everything n8n pushed so far, as it came. */
	text(): string;
	stop(): void;
}

/**
 * Listens to what n8n pushes to an editor's window: the progress and the data of executions. n8n has to run with
 * `N8N_PUSH_BACKEND=sse`; over a WebSocket it sends the same texts.
 *
 * @param pushRef of the session that starts the executions
 */
export async function listenToPush(
	url: string,
	session: RestSession,
	pushRef: string,
): Promise<PushListener> {
	const closing = new AbortController();
	const response = await fetch(`${url}/rest/push?pushRef=${pushRef}`, {
		headers: { ...session.headers(), accept: 'text/event-stream', origin: url },
		signal: closing.signal,
	});
	if (!response.ok || !response.body) throw new Error(`n8n's push answered ${response.status}`);
	let text = '';
	const listen = async (stream: ReadableStream<Uint8Array>) => {
		const decoder = new TextDecoder();
		for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
	};
	// Ends by being stopped, or with n8n.
	listen(response.body).catch(() => undefined);
	return { text: () => text, stop: () => closing.abort() };
}
