import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.mts';
import { apiError } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import { blobAnswer, JSON_TYPE } from './blobBody.mts';
import type { BlobFailure, BlobGone } from './blobFaults.mts';
import type { Context } from './context.mts';
import type { FeedBlob } from './feed.mts';

const HTML_TYPE = 'text/html';
const UNAVAILABLE = '<h2>Service Unavailable</h2>';
const GZIP_BOMB_BYTES = 64 * 1024 * 1024;
const DEEP_JSON_LEVELS = 10_000;

const page = (status: number, body: string, why: string): Answer => ({
	status,
	headers: { 'Content-Type': HTML_TYPE },
	body,
	why,
});
const json = (body: string | Buffer, why: string, headers: Record<string, string> = {}): Answer => ({
	status: 200,
	headers: { 'Content-Type': JSON_TYPE, ...headers },
	body,
	why,
});

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
			return json('', fault);
		case 'ErrorObject':
			return { ...apiErrors.internal('AF50000'), status: 200, why: fault };
		case 'Html':
			return page(504, gatewayPage(), fault);
		case 'TruncatedBody':
			return { ...broken, connection: 'truncate' };
		case 'TruncatedJson': {
			const bytes = Buffer.from(String(whole.body));
			return { ...broken, body: bytes.subarray(0, -Math.ceil(bytes.length / 3)) };
		}
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
			return page(503, UNAVAILABLE, fault);
		case 'Timeout':
			return { status: 408, body: '', why: fault };
		case 'GzipBomb':
			return json(gzipBomb(), fault, { 'Content-Encoding': 'gzip' });
		case 'BrokenGzip':
			return { ...broken, headers: { ...whole.headers, 'Content-Encoding': 'gzip' } };
		case 'DeepJson':
			return json(deepJson(), fault);
		case 'NotFound':
			return apiErrors.noContent(blob.contentId);
		case 'NotFoundPlain':
			return page(404, 'The resource cannot be found.', fault);
		case 'Expired':
			return apiErrors.contentExpired(blob.contentId);
	}
}

export function gatewayPage(): string {
	return '<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center></body></html>';
}

export function deepJson(): string {
	return '['.repeat(DEEP_JSON_LEVELS) + ']'.repeat(DEEP_JSON_LEVELS);
}

let bomb: Buffer | undefined;
/** Some 64 KB that become 64 MB. */
export function gzipBomb(): Buffer {
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
		page(503, UNAVAILABLE, '503 page'),
		page(504, gatewayPage(), '504 page'),
	];
	return answers[Math.floor(place * answers.length)] as Answer;
}
