import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.mts';
import type { BlobShape } from './blobFaults.mts';
import type { Context } from './context.mts';
import type { FeedBlob, StreamedEvents } from './feed.mts';
import { hugeMember, INVALID_UTF8_MEMBER, withMember } from './member.mts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** The blob as it should be, in one of its odd shapes or none. */
export function blobAnswer(context: Context, blob: FeedBlob, shape: BlobShape | undefined): Answer {
	if (blob.stream) return streamedAnswer(context, blob, blob.stream);
	const texts = shape === 'SingleObject' ? blob.events().slice(0, 1) : blob.events();
	const written =
		blob.body ?? (shape === 'SingleObject' ? (texts[0] ?? '{}') : `[${texts.join(',')}]`);
	const plain = shaped(written, shape);
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

/** Members that are added to the first event; its Id stays readable. */
const MEMBERS: { [Shape in BlobShape]?: () => string | Buffer } = {
	InvalidUtf8: () => INVALID_UTF8_MEMBER,
	HugeString: hugeMember,
};

function shaped(plain: string | Buffer, shape: BlobShape | undefined): string | Buffer {
	const member = shape && MEMBERS[shape];
	return member ? withMember(plain, member()) : plain;
}
