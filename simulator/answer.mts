/** How the connection misbehaves while an answer is sent. */
export type ConnectionFault =
	| 'reset' // before the status line
	| 'notHttp' // something else than HTTP
	| 'stall' // headers and half of the body, then silence
	| 'silence' // accepts the request and never answers
	| 'truncate' // half of the announced body, then the connection ends
	| 'wrongContentLength' // announces less than it sends
	| 'resetInBody' // half of the body, then a reset
	| 'slowDrip'; // whole body, a few bytes at a time

/** A body that is made while it is sent, for what is too large to be held. */
export interface StreamedBody {
	/** Size of all chunks together. */
	bytes: number;
	chunks(): Iterable<Uint8Array>;
}

/** What a request is answered with. A body that is neither text nor bytes is sent as JSON. */
export interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: unknown;
	/** Sent instead of `body`. */
	stream?: StreamedBody;
	connection?: ConnectionFault;
	/** For the request log: Microsoft's code, the fault's name, or what was served. */
	why: string;
	/** Called once the whole answer is on its way. */
	onSent?: () => void;
	/** Called when the connection broke before. */
	onBroken?: () => void;
}

/** `{"error":{"code":…,"message":…}}`: the API's own error shape. */
export function apiError(status: number, code: string, message: string): Answer {
	return { status, body: { error: { code, message } }, why: code };
}
