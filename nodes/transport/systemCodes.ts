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
	'HPE_INVALID_CONSTANT',
]);

/** True for a connection that may work the next time. */
export function isTransientCode(code: string): boolean {
	return TRANSIENT_CODES.has(code);
}

/** True if a certificate is not trusted. */
export function isCertificateCode(code: string): boolean {
	return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|SSL|TLS/.test(code);
}
