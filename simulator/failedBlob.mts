import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.mts';
import { apiError } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import { blobAnswer, JSON_TYPE } from './blobBody.mts';
import type { BlobFailure, BlobGone } from './blobFaults.mts';
import type { Context } from './context.mts';
import type { FeedBlob } from './feed.mts';

const HTML_TYPE = 'text/html';
const GZIP_BOMB_BYTES = 64 * 1024 * 1024;
const DEEP_JSON_LEVELS = 10_000;

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
		case 'BrokenGzip':
			return { ...broken, headers: { ...whole.headers, 'Content-Encoding': 'gzip' } };
		case 'DeepJson':
			return {
				status: 200,
				headers: { 'Content-Type': JSON_TYPE },
				body: deepJson(),
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
