import { nameValues, userName } from './eventTemplate.mts';
import type { AuditRecord, EventContext, EventTemplate } from './eventTemplate.mts';

function actorFields(context: EventContext): AuditRecord {
	const { faker, organizationId } = context;
	return {
		Actor: [
			{ ID: faker.string.uuid(), Type: 0 },
			{ ID: userName(context), Type: 5 },
			{ ID: faker.string.hexadecimal({ length: 16, prefix: '', casing: 'upper' }), Type: 3 },
		],
		ActorContextId: organizationId,
		InterSystemsId: faker.string.uuid(),
		IntraSystemId: faker.string.uuid(),
		Target: [{ ID: faker.string.uuid(), Type: 0 }],
		TargetContextId: organizationId,
	};
}

export const AZURE_ACTIVE_DIRECTORY_TEMPLATES: readonly EventTemplate[] = [
	{
		recordType: 8,
		workload: 'AzureActiveDirectory',
		operations: [
			'Add user.',
			'Update user.',
			'Add member to role.',
			'Consent to application.',
			'Update device.',
		],
		fields: (context) => ({
			ResultStatus: 'Success',
			ObjectId: userName(context),
			AzureActiveDirectoryEventType: 1,
			ExtendedProperties: nameValues({
				additionalDetails: JSON.stringify({ UserType: 'Member', 'User-Agent': 'Mozilla/5.0' }),
				extendedAuditEventCategory: 'User',
			}),
			ModifiedProperties: [
				{
					Name: 'DisplayName',
					NewValue: `[\r\n  "${context.faker.person.lastName()}"\r\n]`,
					OldValue: '[]',
				},
				{ Name: 'Included Updated Properties', NewValue: 'DisplayName', OldValue: '' },
			],
			...actorFields(context),
		}),
	},
	{
		recordType: 9,
		workload: 'AzureActiveDirectory',
		operations: [
			'PasswordLogonInitialAuthUsingPassword',
			'ForeignRealmIndexLogonInitialAuthUsingADFSFederatedToken',
		],
		fields: (context) => ({
			ResultStatus: context.faker.helpers.arrayElement(['success', 'failed']),
			ClientIP: context.faker.internet.ipv4(),
			ObjectId: userName(context),
			AzureActiveDirectoryEventType: 0,
			Client: 'Exchange',
			LoginStatus: context.faker.helpers.arrayElement([0, -2147217390]),
			UserDomain: context.domain,
		}),
	},
	{
		recordType: 15,
		workload: 'AzureActiveDirectory',
		operations: ['UserLoggedIn', 'UserLoginFailed'],
		fields: (context, operation) => ({
			ResultStatus: operation === 'UserLoggedIn' ? 'Success' : 'Failed',
			ClientIP: context.faker.internet.ip(),
			ActorIpAddress: context.faker.internet.ip(),
			ObjectId: context.faker.string.uuid(),
			ApplicationId: context.faker.string.uuid(),
			AzureActiveDirectoryEventType: 1,
			DeviceProperties: nameValues({
				OS: 'Windows10',
				BrowserType: 'Edge',
				IsCompliantAndManaged: 'False',
			}),
			ErrorNumber: operation === 'UserLoggedIn' ? '0' : '50126',
			ExtendedProperties: nameValues({
				ResultStatusDetail: 'Redirect',
				UserAgent: context.faker.internet.userAgent(),
				RequestType: 'OAuth2:Authorize',
			}),
			...(operation === 'UserLoginFailed' ? { LogonError: 'InvalidUserNameOrPassword' } : {}),
			...actorFields(context),
		}),
	},
];
