import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.mts';
import { apiError } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import type { BlobFailure, BlobGone, BlobShape } from './blobFaults.mts';
import type { Context } from './context.mts';
import type { FeedBlob, StreamedEvents } from './feed.mts';

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html';
const GZIP_BOMB_BYTES = 64 * 1024 * 1024;
const DEEP_JSON_LEVELS = 10_000;

/** The blob as it should be, in one of its odd shapes or none. */
export function blobAnswer(context: Context, blob: FeedBlob, shape: BlobShape | undefined): Answer {
	if (blob.stream) return streamedAnswer(context, blob, blob.stream);
	const texts = shape === 'SingleObject' ? blob.events().slice(0, 1) : blob.events();
	const written =
		blob.body ?? (shape === 'SingleObject' ? (texts[0] ?? '{}') : `[${texts.join(',')}]`);
	const plain = shape === 'InvalidUtf8' ? withInvalidUtf8(written) : written;
	const events = parseEvents(plain);
	const headers = { 'Content-Type': JSON_TYPE, ...blob.headers };
	const answer: Answer = {
		status: 200,
		headers,
		body: plain,
		why: `${events?.length ?? 'unreadable'} events`,
	};
	if (events) {
		answer.onSent = () => context.ledger.recordFetched(blob, events);
		answer.onBroken = () => context.ledger.recordFailed(blob);
	}
	if (shape !== undefined) answer.why += `, ${shape}`;
	switch (shape) {
		case 'ByteOrderMark':
			return {
				...answer,
				body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(plain)]),
			};
		case 'Gzip':
			return {
				...answer,
				headers: { ...headers, 'Content-Encoding': 'gzip' },
				body: gzipSync(plain),
			};
		case 'SlowDrip':
			return { ...answer, connection: 'slowDrip' };
		default:
			return answer;
	}
}

function streamedAnswer({ ledger }: Context, blob: FeedBlob, stream: StreamedEvents): Answer {
	return {
		status: 200,
		headers: { 'Content-Type': JSON_TYPE, ...blob.headers },
		stream,
		why: `${stream.events} events, streamed`,
		onSent: () => ledger.recordStreamed(blob, stream.events),
		onBroken: () => ledger.recordFailed(blob),
	};
}

/** The array's events, or the single object; `undefined` if nobody could read them. */
function parseEvents(body: string | Buffer): unknown[] | undefined {
	try {
		const parsed: unknown = JSON.parse(body.toString().replace(/^\ufeff/, ''));
		if (Array.isArray(parsed)) return parsed;
		return typeof parsed === 'object' && parsed !== null && !('error' in parsed)
			? [parsed]
			: undefined;
	} catch {
		return undefined;
	}
}

/** Adds a member with bytes that are no UTF-8 to the first event; its Id stays readable. */
function withInvalidUtf8(plain: string | Buffer): Buffer {
	const bytes = Buffer.from(plain);
	const open = bytes.indexOf('{') + 1;
	const member = Buffer.concat([
		Buffer.from('"Bytes":"'),
		Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80]),
		Buffer.from('",'),
	]);
	return open === 0
		? bytes
		: Buffer.concat([bytes.subarray(0, open), member, bytes.subarray(open)]);
}

/** The answer of a blob that cannot be read this time, or ever. */
export function failedBlobAnswer(
	context: Context,
	blob: FeedBlob,
	fault: BlobFailure | BlobGone,
): Answer {
	const whole = blobAnswer(context, blob, undefined);
	const broken = { ...whole, why: fault };
	delete broken.onSent;
	switch (fault) {
		case 'EmptyBody':
			return { status: 200, headers: { 'Content-Type': JSON_TYPE }, body: '', why: fault };
		case 'ErrorObject':
			return { ...apiErrors.internal('AF50000'), status: 200, why: fault };
		case 'Html':
			return {
				status: 504,
				headers: { 'Content-Type': HTML_TYPE },
				body: gatewayPage(),
				why: fault,
			};
		case 'TruncatedBody':
			return { ...broken, connection: 'truncate' };
		case 'TruncatedJson':
			return {
				...broken,
				body: Buffer.from(String(whole.body)).subarray(
					0,
					-Math.ceil(String(whole.body).length / 3),
				),
			};
		case 'WrongContentLength':
			return { ...broken, connection: 'wrongContentLength' };
		case 'Stall':
			return { ...broken, connection: 'stall' };
		case 'Reset':
			return { ...broken, connection: 'resetInBody' };
		case 'InternalError':
			return apiErrors.internal(
				context.chance.pick(['AF50000', 'AF50005', 'AF50006'] as const, 'internal', blob.index),
			);
		case 'Unavailable':
			return {
				status: 503,
				headers: { 'Content-Type': HTML_TYPE },
				body: '<h2>Service Unavailable</h2>',
				why: fault,
			};
		case 'Timeout':
			return { status: 408, body: '', why: fault };
		case 'GzipBomb':
			return {
				status: 200,
				headers: { 'Content-Type': JSON_TYPE, 'Content-Encoding': 'gzip' },
				body: gzipBomb(),
				why: fault,
			};
		case 'DeepJson':
			return {
				status: 200,
				headers: { 'Content-Type': JSON_TYPE },
				body: '['.repeat(DEEP_JSON_LEVELS) + ']'.repeat(DEEP_JSON_LEVELS),
				why: fault,
			};
		case 'NotFound':
			return apiErrors.noContent(blob.contentId);
		case 'NotFoundPlain':
			return {
				status: 404,
				headers: { 'Content-Type': HTML_TYPE },
				body: 'The resource cannot be found.',
				why: fault,
			};
		case 'Expired':
			return apiErrors.contentExpired(blob.contentId);
	}
}

function gatewayPage(): string {
	return '<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center></body></html>';
}

let bomb: Buffer | undefined;
/** Some 64 KB that become 64 MB. */
function gzipBomb(): Buffer {
	return (bomb ??= gzipSync(Buffer.alloc(GZIP_BOMB_BYTES, ' ')));
}

/** For faults on any path: one of the API's ways to say that it is broken. */
export function internalAnswer(place: number): Answer {
	const answers = [
		apiErrors.internal('AF50000'),
		apiErrors.internal('AF50005'),
		apiErrors.internal('AF50006'),
		apiError(
			500,
			'AF50000',
			'Please retry the request again in an hour. We have been notified and would be resolved soon.',
		),
		{
			status: 503,
			headers: { 'Content-Type': HTML_TYPE },
			body: '<h2>Service Unavailable</h2>',
			why: '503 page',
		},
		{ status: 504, headers: { 'Content-Type': HTML_TYPE }, body: gatewayPage(), why: '504 page' },
	];
	return answers[Math.floor(place * answers.length)] as Answer;
}
