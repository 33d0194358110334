import type { Answer } from './answer.mts';
import type { Context } from './context.mts';

/**
 * Microsoft Entra ID's error answers:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application
 */
export type SignInError = (
	context: Context,
	status: number,
	error: string,
	code: number,
	text: string,
) => Answer;

export const signInError: SignInError = ({ chance, clock, ledger }, status, error, code, text) => {
	const traceId = chance.guid('trace', ledger.tokenRequests);
	const correlationId = chance.guid('correlation', ledger.tokenRequests);
	const timestamp = `${new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
	return {
		status,
		headers: { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' },
		body: {
			error,
			error_description: `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
			error_codes: [code],
			timestamp,
			trace_id: traceId,
			correlation_id: correlationId,
			error_uri: `https://login.microsoftonline.com/error?code=${code}`,
		},
		why: `AADSTS${code}`,
	};
};
