/** One request as the simulator saw it. Holds no token and no secret. */
export interface RequestLogEntry {
	/** By the simulator's clock, milliseconds since 1970. */
	atMs: number;
	method: string;
	/** Raw, without the query. */
	path: string;
	query: Record<string, string>;
	/** 0: the connection was broken before an answer. */
	status: number;
	/** Real milliseconds from request to the end of the answer. */
	ms: number;
	/** Why it was answered like this: Microsoft's code, the fault's name, or what was served. */
	why: string;
	publisher?: string;
	authorized: boolean;
}

/** One line for people. */
export function formatRequest(entry: RequestLogEntry): string {
	const time = new Date(entry.atMs).toISOString().slice(11, 19);
	const query = Object.entries(entry.query)
		.filter(([name]) => name !== 'PublisherIdentifier')
		.map(([name, value]) => `${name}=${value}`)
		.join(' ');
	const path = entry.path.length > 110 ? `${entry.path.slice(0, 107)}...` : entry.path;
	const status = entry.status === 0 ? '---' : String(entry.status);
	return `${time} ${status} ${entry.method} ${path}${query ? `  ${query}` : ''}  (${entry.why}, ${Math.round(entry.ms)} ms)`;
}
