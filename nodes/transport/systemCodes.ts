/** System codes of a connection that may work the next time. */
const TRANSIENT_CODES = new Set([
	'ECONNRESET',
	'ECONNREFUSED',
	'ECONNABORTED',
	'EPIPE',
	'ETIMEDOUT',
	'ESOCKETTIMEDOUT',
	'ENETDOWN',
	'ENETUNREACH',
	'EHOSTDOWN',
	'EHOSTUNREACH',
	'ENOTFOUND',
	'EAI_AGAIN',
	'ERR_NETWORK',
	'ERR_STREAM_PREMATURE_CLOSE',
]);

const TIMEOUT_CODES = new Set(['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/** Of Node's parser: not HTTP, or headers of more than 16 KB. */
const isHttpCode = (code: string): boolean => code.startsWith('HPE_');

/** True for a connection that may work the next time. */
export function isTransientCode(code: string): boolean {
	return TRANSIENT_CODES.has(code) || isHttpCode(code);
}

/** What a transient code, or a connection that broke without one, means. */
export function connectionTrouble(host: string, code?: string): string {
	if (code === undefined) return `${host} cannot be reached`;
	if (TIMEOUT_CODES.has(code)) return `${host} did not answer in time (${code})`;
	if (isHttpCode(code)) return `The answer of ${host} is not proper HTTP (${code})`;
	return `${host} cannot be reached (${code})`;
}

/** True if a certificate is not trusted. */
export function isCertificateCode(code: string): boolean {
	return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|SSL|TLS/.test(code);
}
