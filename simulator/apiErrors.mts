import { apiError } from './answer.mts';
import type { Answer } from './answer.mts';

/**
 * The API's errors with Microsoft's texts:
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#errors
 * AF20024 and AF20055 are answered by the live service but stand in no text of the table.
 */
export const apiErrors = {
	permission: (status: 401 | 403, roles: string[], expected: string) =>
		apiError(
			status,
			'AF10001',
			`The permission set (${roles.join(' ')}) sent in the request did not include the expected permission ${expected}.`,
		),
	missingParameter: (name: string) => apiError(400, 'AF20001', `Missing parameter: ${name}.`),
	parameterType: (name: string, type: string) =>
		apiError(400, 'AF20002', `Invalid parameter type: ${name}. Expected type: ${type}`),
	expirationInPast: (expiration: string) =>
		apiError(400, 'AF20003', `Expiration ${expiration} provided is set to past date and time.`),
	tenantMismatch: (url: string, token: string) =>
		apiError(
			401,
			'AF20010',
			`The tenant ID passed in the URL (${url}) does not match the tenant ID passed in the access token (${token}).`,
		),
	noTenant: (tenant: string) =>
		apiError(
			400,
			'AF20011',
			`Specified tenant ID (${tenant}) does not exist in the system or has been deleted.`,
		),
	tenantConfiguration: (tenant: string) =>
		apiError(
			400,
			'AF20012',
			`Specified tenant ID (${tenant}) is incorrectly configured in the system.`,
		),
	tenantNotGuid: (tenant: string) =>
		apiError(400, 'AF20013', `The tenant ID passed in the URL (${tenant}) is not a valid GUID.`),
	contentType: () => apiError(400, 'AF20020', 'The specified content type is not valid.'),
	webhook: (address: string, why: string) =>
		apiError(400, 'AF20021', `The webhook endpoint {${address}} could not be validated. ${why}`),
	noSubscription: () =>
		apiError(400, 'AF20022', 'No subscription found for the specified content type.'),
	subscriptionDisabled: () =>
		apiError(400, 'AF20023', 'The subscription was disabled by a tenant admin.'),
	alreadyEnabled: () =>
		apiError(400, 'AF20024', 'The subscription is already enabled. No property change.'),
	timeRange: (code: 'AF20030' | 'AF20055') =>
		apiError(
			400,
			code,
			'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time no more than 7 days in the past.',
		),
	nextPage: (page: string) => apiError(400, 'AF20031', `Invalid nextPage Input: ${page}.`),
	noContent: (contentId: string) =>
		apiError(404, 'AF20050', `The specified content (${contentId}) does not exist.`),
	contentExpired: (contentId: string) =>
		apiError(
			404,
			'AF20051',
			`Content requested with the key ${contentId} has already expired. Content older than 7 days cannot be retrieved.`,
		),
	contentId: (contentId: string) =>
		apiError(400, 'AF20052', `Content ID ${contentId} in the URL is invalid.`),
	severalLanguages: () =>
		apiError(400, 'AF20053', 'Only one language may be present in the Accept-Language header.'),
	languageSyntax: () => apiError(400, 'AF20054', 'Invalid syntax in Accept-Language header.'),
	throttled: (status: 429 | 403, method: string, publisher: string) =>
		apiError(status, 'AF429', `Too many requests. Method=${method}, PublisherId=${publisher}`),
	/** `code` is the text "429", the wait stands in the message only (elastic/integrations#15476). */
	startThrottled: (status: 403 | 429, waitMs: number) => {
		const seconds = Math.ceil(waitMs / 1000);
		const wait = `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
		return apiError(
			status,
			'429',
			`Too many frequent subscription start requests. Please retry again after ${wait}`,
		);
	},
	/** As answered while the unified audit log is off (MicrosoftDocs/office-365-management-api#89). */
	auditingOff: (tenant: string, correlationId: string) =>
		apiError(
			400,
			`StartSubscription [CorrId=${correlationId}] failed. Exception: Microsoft.Office.Compliance.Audit.DataServiceException`,
			`Tenant ${tenant} does not exist.\r\n   at Microsoft.Office.Compliance.Audit.API.AzureManager.<GetSubscriptionTableClientForTenantAsync>d__1.MoveNext()\r\n--- End of stack trace from previous location where exception was thrown ---\r\n   at System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw()`,
		),
	internal: (code: 'AF50000' | 'AF50005' | 'AF50006') =>
		apiError(500, code, 'An internal server error occurred. Retry the request.'),
	unauthorized: (shape: 'json' | 'text'): Answer => ({
		status: 401,
		headers: { 'WWW-Authenticate': 'Bearer' },
		body:
			shape === 'json'
				? { Message: 'Authorization has been denied for this request.' }
				: 'Authorization has been denied for this request.',
		why: 'denied: no such token',
	}),
};
