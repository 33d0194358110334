import type { FailureKind } from '../feed/failure';

/** What one of Microsoft's codes means for the user, and for what we do next. */
export interface CodeMeaning {
	kind: FailureKind;
	message: string;
	advice: string;
}

const ROLE_ADVICE =
	'In Microsoft Entra open your app registration > API permissions, add Office 365 Management APIs > Application permissions > ActivityFeed.Read (for DLP.All also ActivityFeed.ReadDlp), and grant admin consent. It can take some minutes to work.';

const RETRY: CodeMeaning = {
	kind: 'transient',
	message: 'Microsoft could not process the request just now',
	advice: 'This usually passes. Try again in a few minutes.',
};

const TENANT: CodeMeaning = {
	kind: 'signIn',
	message: 'The tenant of the request is not the tenant of the sign-in',
	advice:
		'Check the Tenant ID in the credential: it is the Directory (tenant) ID of the organisation whose audit log you read.',
};

const TIME_RANGE: CodeMeaning = {
	kind: 'badRequest',
	message: 'Microsoft did not accept the time range',
	advice: 'Content is available for 7 days. Choose a range within the last 7 days, and check the clock of the n8n server.',
};

const LANGUAGE: CodeMeaning = {
	kind: 'badRequest',
	message: 'Microsoft did not accept the language',
	advice: 'Use one language code, such as en-US or de-DE.',
};

const CONTENT_GONE: CodeMeaning = {
	kind: 'contentGone',
	message: 'This content does not exist (any more)',
	advice: 'Microsoft keeps content for 7 days. List the content again and use a fresh content ID.',
};

const THROTTLED: CodeMeaning = {
	kind: 'throttled',
	message: 'The tenant’s request quota is used up',
	advice: 'Other tools that read the same audit log share it. Lower Max Requests per Minute, or wait a few minutes.',
};

/**
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#errors, and
 * codes seen on the wire that the page does not list (AF20024, AF20055, AF50005, AF50006).
 */
const CODES: Record<string, CodeMeaning> = {
	AF10001: {
		kind: 'permission',
		message: 'The app is not allowed to read this content',
		advice: ROLE_ADVICE,
	},
	AF20001: {
		kind: 'badRequest',
		message: 'A required parameter is missing in the request',
		advice: 'Check the parameters of the node.',
	},
	AF20002: {
		kind: 'badRequest',
		message: 'A parameter of the request has the wrong type',
		advice: 'Check the parameters of the node.',
	},
	AF20003: {
		kind: 'badRequest',
		message: 'The expiration of the webhook lies in the past',
		advice: 'Choose an expiration in the future, or none.',
	},
	AF20010: TENANT,
	AF20011: {
		...TENANT,
		message: 'Microsoft does not know this tenant',
	},
	AF20012: {
		kind: 'badRequest',
		message: 'Microsoft says that the tenant is not configured correctly',
		advice: 'Check that auditing is on in Microsoft Purview (Audit). If it is, ask Microsoft’s support.',
	},
	AF20013: TENANT,
	AF20020: {
		kind: 'badRequest',
		message: 'Microsoft does not know this content type',
		advice: 'Choose one of Audit.AzureActiveDirectory, Audit.Exchange, Audit.SharePoint, Audit.General, DLP.All.',
	},
	AF20021: {
		kind: 'badRequest',
		message: 'Microsoft could not validate the webhook of the subscription',
		advice: 'Check that the webhook answers Microsoft’s validation request with status 200.',
	},
	AF20022: {
		kind: 'noSubscription',
		message: 'There is no subscription for this content type',
		advice: 'Run Subscription > Start for it, or switch on the option Start Missing Subscriptions. First content can take up to 12 hours.',
	},
	AF20023: {
		kind: 'noSubscription',
		message: 'The subscription for this content type was disabled',
		advice: 'Run Subscription > Start for it, or switch on the option Start Missing Subscriptions.',
	},
	AF20024: {
		kind: 'badRequest',
		message: 'The subscription is already enabled',
		advice: 'Nothing needs to be done.',
	},
	AF20030: TIME_RANGE,
	AF20031: {
		kind: 'stalePage',
		message: 'A link to the next page of content is no longer valid',
		advice: 'This usually passes. Try again in a few minutes.',
	},
	AF20050: CONTENT_GONE,
	AF20051: {
		kind: 'contentGone',
		message: 'This content has expired',
		advice: 'Microsoft keeps content for 7 days. Fetch it sooner after it becomes available.',
	},
	AF20052: {
		kind: 'contentGone',
		message: 'Microsoft does not accept this content ID',
		advice: 'Use a contentId exactly as Content > Get Many returns it.',
	},
	AF20053: LANGUAGE,
	AF20054: LANGUAGE,
	AF20055: TIME_RANGE,
	AF429: THROTTLED,
	'429': THROTTLED,
	AF50000: RETRY,
	AF50005: RETRY,
	AF50006: RETRY,
};

/** Not a code of the table: auditing is off. Told by the text, because the code is a whole sentence there. */
export const AUDITING_OFF: CodeMeaning = {
	kind: 'auditingOff',
	message: 'The audit log of this tenant is switched off',
	advice:
		'Turn auditing on in Microsoft Purview (Audit > Start recording user and admin activity). It can take up to 60 minutes to work.',
};

/** An answer 401 that stayed after the token was renewed once. */
export const TOKEN_REFUSED: CodeMeaning = {
	kind: 'permission',
	message: 'Microsoft refused the sign-in token',
	advice: `${ROLE_ADVICE} Check also that the credential’s Cloud is the one your tenant is in.`,
};

/** 403 without a known code. */
export const FORBIDDEN: CodeMeaning = {
	kind: 'permission',
	message: 'Microsoft does not allow this request',
	advice: ROLE_ADVICE,
};

export { CONTENT_GONE, RETRY, THROTTLED };

/** The meaning of one of Microsoft's codes; undefined if it is not known. Any further AF5xxxx is an internal fault. */
export function meaningOf(code: string): CodeMeaning | undefined {
	const known = code.toUpperCase();
	if (Object.hasOwn(CODES, known)) return CODES[known];
	return /^AF5\d{4}$/.test(known) ? RETRY : undefined;
}
