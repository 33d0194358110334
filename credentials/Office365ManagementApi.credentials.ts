import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { signRequest } from '../nodes/transport/authenticate';
import { fetchToken } from '../nodes/transport/token';
import { TEST_RULES } from '../nodes/transport/testRules';

const CUSTOM_ONLY = { show: { cloud: ['custom'] } };

/** The API host of each cloud, for the test request; the nodes take it from nodes/transport/endpoints.ts. */
const TEST_BASE_URL =
	'={{ ({ gcc: "https://manage-gcc.office.com", gccHigh: "https://manage.office365.us", dod: "https://manage.protection.apps.mil", custom: ($credentials.apiUrl || "").trim().replace(/\\/+$/, "") })[$credentials.cloud] || "https://manage.office.com" }}';

export class Office365ManagementApi implements ICredentialType {
	name = 'office365ManagementApi';

	displayName = 'Office 365 Management API';

	documentationUrl =
		'https://learn.microsoft.com/office/office-365-management-api/get-started-with-office-365-management-apis';

	icon: Icon = {
		light: 'file:../icons/office365Management.svg',
		dark: 'file:../icons/office365Management.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Access Token For',
			name: 'accessTokenFor',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 00000000-0000-0000-0000-000000000000',
			description: 'Application (client) ID on the overview page of your app registration in Microsoft Entra',
			hint: 'Microsoft Entra > App registrations > your app > Overview: Application (client) ID',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The Value (not the Secret ID) of a client secret of the app registration',
			hint: 'Your app > Certificates & secrets: the Value of a client secret, not its Secret ID',
		},
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 00000000-0000-0000-0000-000000000000',
			description: 'Directory (tenant) ID on the overview page of your app registration in Microsoft Entra',
			hint: 'Your app > Overview: Directory (tenant) ID',
		},
		{
			displayName: 'Cloud',
			name: 'cloud',
			type: 'options',
			options: [
				{ name: 'Custom', value: 'custom', description: 'Other hosts, such as the simulated tenant' },
				{ name: 'DoD', value: 'dod', description: 'US Department of Defense' },
				{ name: 'Enterprise', value: 'enterprise', description: 'Microsoft 365 worldwide' },
				{ name: 'GCC', value: 'gcc', description: 'US Government Community Cloud' },
				{ name: 'GCC High', value: 'gccHigh', description: 'US Government Community Cloud High' },
			],
			default: 'enterprise',
			description: 'The Microsoft cloud that the tenant is in',
		},
		{
			displayName: 'API URL',
			name: 'apiUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://manage.office.com',
			description: 'Scheme, host and port of the Management Activity API',
			displayOptions: CUSTOM_ONLY,
		},
		{
			displayName: 'Login URL',
			name: 'loginUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://login.microsoftonline.com',
			description: 'Scheme, host and port of the sign-in service',
			displayOptions: CUSTOM_ONLY,
		},
		{
			displayName: 'Publisher ID',
			name: 'publisherId',
			type: 'string',
			default: '',
			placeholder: 'Empty: your Tenant ID',
			description:
				'Tenant ID of the vendor of this integration, sent as PublisherIdentifier so that requests count against its own quota. Leave empty to send your Tenant ID.',
		},
	];

	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => signRequest(credentials, requestOptions);

	test: ICredentialTestRequest = {
		request: {
			baseURL: TEST_BASE_URL,
			url: '=/api/v1.0/{{ $credentials.tenantId.trim() }}/activity/feed/subscriptions/list',
			qs: {
				PublisherIdentifier:
					'={{ ($credentials.publisherId || "").trim() || $credentials.tenantId.trim() }}',
			},
		},
		rules: TEST_RULES,
	};

	/** Runs when no token is stored and once after every 401; what it returns is stored in the credential. */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
		return { ...(await fetchToken(this.helpers, credentials)) };
	}
}
