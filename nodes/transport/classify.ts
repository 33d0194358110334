import type { FailureDetails } from '../feed/failure';
import { isRecord, parseJson } from '../feed/parseBlob';
import { withoutControls } from '../feed/toText';
import {
	AUDITING_OFF,
	CONTENT_GONE,
	FORBIDDEN,
	meaningOf,
	RETRY,
	THROTTLED,
	TOKEN_REFUSED,
	type CodeMeaning,
} from './errorCodes';
import { withoutTokens } from './redact';
import { parseRetryAfter } from './retryAfter';

/** An answer that is not what was asked for. */
export interface FailedAnswer {
	status: number;
	body: string;
	retryAfter?: string;
	/** True for the download of a blob, where 404 means that the blob is gone. */
	isContent?: boolean;
}

interface Said {
	code: string;
	message: string;
}

/** Microsoft's own words are kept, but not at any length: bodies can be HTML pages. */
const MAX_QUOTE_LENGTH = 300;

const MAX_ERROR_CHARACTERS = 64 * 1024;

/** `AF20022`, `429`. Anything longer is no code of Microsoft's. */
function isCode(text: string): boolean {
	return /^[A-Z]{0,8}\d{1,12}$/i.test(text);
}

/**
 * What an answer means: by `error.code` first, then by text, then by status, because the feed throttles with 403 and fails
 * with 200. Pure.
 */
export function classifyAnswer(answer: FailedAnswer, nowMs: number): FailureDetails {
	// An error is short; what looks for words must not work through a page of any size.
	const said = readError(answer.body.slice(0, MAX_ERROR_CHARACTERS));
	const meaning = meaningOf(said.code) ?? byText(said) ?? byStatus(answer);
	const retryAfterMs = parseRetryAfter(answer.retryAfter, said.message, nowMs);
	return {
		kind: meaning.kind,
		message: withDetail(meaning, said, answer.status),
		advice: meaning.advice,
		...(isCode(said.code) ? { code: said.code } : {}),
		status: answer.status,
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	};
}

/** `{error:{code,message}}`, `{Message}`, `{code,message}`, text, HTML or nothing. */
function readError(body: string): Said {
	const parsed = parseJson(body);
	if (!isRecord(parsed)) return { code: '', message: /^\s*</.test(body) ? '' : body };
	const error = isRecord(parsed.error) ? parsed.error : parsed;
	const text = (value: unknown) =>
		typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return {
		code: text(error.code).trim(),
		message: text(error.message) || text(error.Message) || text(parsed.error),
	};
}

/**
 * Auditing off arrives as a sentence in `code` and ".NET" in `message`
 * (https://github.com/MicrosoftDocs/office-365-management-api/issues/89).
 */
function byText({ code, message }: Said): CodeMeaning | undefined {
	const all = `${code} ${message}`;
	if (/Tenant\s+\S+\s+does not exist/i.test(all)) return AUDITING_OFF;
	if (/too many requests/i.test(all)) return THROTTLED;
	return undefined;
}

function byStatus({ status, isContent }: FailedAnswer): CodeMeaning {
	if (status === 401) return TOKEN_REFUSED;
	if (status === 403) return FORBIDDEN;
	if (status === 404 && isContent) return CONTENT_GONE;
	if (status === 404) {
		return {
			kind: 'badRequest',
			message: 'The API was not found at this address',
			advice: 'Check the credential’s Cloud or API URL.',
		};
	}
	if (status === 429) return THROTTLED;
	if (status === 408 || status >= 500) return RETRY;
	if (status === 200) return { ...RETRY, message: 'Microsoft answered with something else than asked for' };
	if (status >= 300 && status < 400) {
		return {
			kind: 'badRequest',
			message: 'The server redirected the request to another address, which is not followed',
			advice: 'The token goes to the configured API host only. Check the credential’s Cloud or API URL, and any proxy in between.',
		};
	}
	return {
		kind: 'badRequest',
		message: 'Microsoft did not accept the request',
		advice: 'Check the parameters of the node.',
	};
}

const isJsonLike = (text: string): boolean => /^\uFEFF?[[{]/.test(text);

/** "What it means. Microsoft says: … (AF20022, HTTP 400)" — Microsoft's words only where ours do not name the code. */
function withDetail(meaning: CodeMeaning, said: Said, status: number): string {
	const known = meaningOf(said.code) === meaning;
	const firstLine = said.message.split(/\r?\n| {3}at /)[0]!.trim();
	// JSON that broke off may hold what was asked for, and says nothing.
	const quote = isJsonLike(firstLine) ? '' : withoutControls(withoutTokens(firstLine)).slice(0, MAX_QUOTE_LENGTH);
	const label = [/^AF\d+$/i.test(said.code) && isCode(said.code) ? said.code : '', `HTTP ${status}`].filter(Boolean);
	const words = known || meaning === AUDITING_OFF || quote === '' ? '' : `. Microsoft says: “${quote}”`;
	return `${meaning.message}${words} (${label.join(', ')})`;
}
