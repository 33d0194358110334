import type { Answer, ConnectionFault } from './answer.mts';
import { JSON_TYPE } from './blobBody.mts';
import { withMember } from './member.mts';

export interface RequestMatch {
	/** Part of the raw path with its query, or a pattern for it. Default: any request, token requests too. */
	path?: RegExp | string;
	method?: string;
	/** How many matching requests get the answer. Default 1; `Infinity`: all. */
	times?: number;
	/** How many matching requests pass first. Default 0. */
	after?: number;
}

export interface ScriptedAnswer {
	/** Without a status the real answer is sent, changed by what else is given here. */
	status?: number;
	headers?: Record<string, string>;
	/** Text, bytes, what is to be sent as JSON, or a function that makes one of them of the request. */
	body?: unknown;
	/** `"Name":value` to be put into the first object of the real answer, as it stands here. */
	member?: string | Buffer;
	connection?: ConnectionFault;
	/** Real milliseconds before the answer. */
	delayMs?: number;
}

/** What a scripted answer can repeat of the request: a proxy's error page may quote all of it. */
export interface EchoedRequest {
	url: string;
	headers: Record<string, string | string[] | undefined>;
	body: string;
}

/** One entry of a script. */
export interface Scripted {
	/** How many requests it has met. */
	hits(): number;
	/** Takes it off the script. */
	lift(): void;
}

export type FailNext<T = ScriptedAnswer> = (match: RequestMatch, answer: T) => Scripted;

export interface ScriptedFaults<T = ScriptedAnswer> {
	failNext: FailNext<T>;
	/** The script's answer for this request, if it has one. */
	take(method: string, url: string): T | undefined;
}

export function createScriptedFaults<T = ScriptedAnswer>(): ScriptedFaults<T> {
	const script: Array<{
		match: RequestMatch;
		answer: T;
		after: number;
		times: number;
		hits: number;
	}> = [];
	return {
		failNext(match, answer) {
			const entry = { match, answer, after: match.after ?? 0, times: match.times ?? 1, hits: 0 };
			script.push(entry);
			return { hits: () => entry.hits, lift: () => void (entry.times = 0) };
		},
		take(method, url) {
			for (const entry of script) {
				if (entry.times <= 0 || !matches(entry.match, method, url)) continue;
				if (entry.after > 0) {
					entry.after--;
					continue;
				}
				entry.times--;
				entry.hits++;
				return entry.answer;
			}
			return undefined;
		},
	};
}

/** The script's answer to this very request. */
export function withBodyFor(request: EchoedRequest, answer: ScriptedAnswer | undefined): ScriptedAnswer | undefined {
	return typeof answer?.body === 'function' ? { ...answer, body: answer.body(request) as unknown } : answer;
}

function matches({ path, method }: RequestMatch, requestMethod: string, url: string): boolean {
	if (method !== undefined && method.toUpperCase() !== requestMethod) return false;
	if (path === undefined) return true;
	return typeof path === 'string' ? url.includes(path) : url.search(path) >= 0;
}

/** The real answer as the script wants it. */
export function applyScript(real: Answer, script: ScriptedAnswer | undefined): Answer {
	if (!script) return real;
	const broken = script.connection !== undefined && script.connection !== 'slowDrip';
	const base = script.member === undefined ? real : withOneMore(real, script.member);
	const answer: Answer = {
		...base,
		headers: { ...base.headers, ...script.headers },
		...('body' in script ? { body: script.body } : {}),
		...(script.connection === undefined ? {} : { connection: script.connection }),
		why: `scripted ${script.connection ?? 'change'} of ${real.why}`,
	};
	if ((broken || 'body' in script) && real.onBroken) answer.onSent = real.onBroken;
	return answer;
}

function withOneMore(real: Answer, member: string | Buffer): Answer {
	const { body } = real;
	const json = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? '');
	return { ...real, headers: { 'Content-Type': JSON_TYPE, ...real.headers }, body: withMember(json, member) };
}
