import { nameValues, userName } from './eventTemplate.mts';
import type { AuditRecord, EventContext, EventTemplate } from './eventTemplate.mts';

const CMDLETS = [
	'Set-Mailbox',
	'New-InboxRule',
	'Add-MailboxPermission',
	'Set-TransportRule',
	'New-MoveRequest',
];

function adminFields(context: EventContext, operation: string): AuditRecord {
	const { faker } = context;
	return {
		ClientIP: `${faker.internet.ipv4()}:${faker.internet.port()}`,
		ResultStatus: faker.helpers.arrayElement(['True', 'False']),
		ObjectId: `EURPR01A001.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/${context.domain}/${faker.person.lastName()}`,
		ExternalAccess: faker.datatype.boolean(0.2),
		OrganizationName: context.domain,
		OriginatingServer: `AM0PR01MB${faker.string.numeric(4)} (15.20.4200.000)`,
		SessionId: faker.string.uuid(),
		Parameters: nameValues({
			Identity: userName(context),
			...(operation === 'New-InboxRule'
				? { Name: '..', ForwardTo: faker.internet.email(), SubjectContainsWords: 'invoice;payment' }
				: { AccessRights: 'FullAccess', InheritanceType: 'All' }),
		}),
	};
}

function mailboxFields(context: EventContext): AuditRecord {
	const { faker } = context;
	const owner = userName(context);
	return {
		ClientIP: faker.internet.ipv4(),
		ResultStatus: 'Succeeded',
		ClientIPAddress: faker.internet.ipv6(),
		ClientInfoString: 'Client=MSExchangeRPC',
		ClientProcessName: 'OUTLOOK.EXE',
		ExternalAccess: false,
		InternalLogonType: 0,
		LogonType: faker.helpers.arrayElement([0, 1, 2]),
		LogonUserSid: `S-1-5-21-${faker.string.numeric(10)}-${faker.string.numeric(9)}`,
		MailboxGuid: faker.string.uuid(),
		MailboxOwnerSid: `S-1-5-21-${faker.string.numeric(10)}-${faker.string.numeric(9)}`,
		MailboxOwnerUPN: owner,
		OrganizationName: context.domain,
		OriginatingServer: `VI1PR02MB${faker.string.numeric(4)} (15.20.4200.000)\r\n`,
	};
}

const folder = ({ faker }: EventContext) => ({
	Id: `LgAAAAB${faker.string.alphanumeric(40)}AAA=`,
	Path: faker.helpers.arrayElement([
		'\\Inbox',
		'\\Sent Items',
		'\\Deleted Items',
		'\\דואר נכנס',
		'\\Entwürfe',
	]),
});

const item = (context: EventContext) => ({
	Attachments: `${context.faker.system.commonFileName('xlsx')} (${context.faker.number.int({ min: 900, max: 90_000 })}b)`,
	Id: `RgAAAAB${context.faker.string.alphanumeric(60)}AAAJ`,
	InternetMessageId: `<${context.faker.string.alphanumeric(24)}@${context.domain}>`,
	ParentFolder: folder(context),
	Subject: context.faker.company.catchPhrase(),
});

export const EXCHANGE_TEMPLATES: readonly EventTemplate[] = [
	{ recordType: 1, workload: 'Exchange', operations: CMDLETS, fields: adminFields },
	{
		recordType: 2,
		workload: 'Exchange',
		operations: ['Create', 'Update', 'Send', 'SendAs', 'MailboxLogin'],
		fields: (context) => ({
			...mailboxFields(context),
			Item: {
				...item(context),
				SizeInBytes: context.faker.number.int({ min: 1000, max: 9_000_000 }),
			},
			ModifiedProperties: ['Subject', 'RecipientsInternal'],
		}),
	},
	{
		recordType: 3,
		workload: 'Exchange',
		operations: ['MoveToDeletedItems', 'SoftDelete', 'HardDelete', 'Move', 'Copy'],
		fields: (context) => ({
			...mailboxFields(context),
			AffectedItems: context.faker.helpers.multiple(() => item(context), {
				count: { min: 1, max: 4 },
			}),
			CrossMailboxOperation: false,
			Folder: folder(context),
			DestFolder: folder(context),
		}),
	},
	{
		recordType: 19,
		workload: 'Exchange',
		operations: ['AggregatedMailboxLogin'],
		fields: (context) => ({
			...mailboxFields(context),
			OperationCount: context.faker.number.int({ min: 2, max: 900 }),
		}),
	},
	{
		recordType: 50,
		workload: 'Exchange',
		operations: ['MailItemsAccessed'],
		fields: (context) => ({
			...mailboxFields(context),
			OperationCount: context.faker.number.int({ min: 1, max: 40 }),
			OperationProperties: nameValues({ MailAccessType: 'Bind', IsThrottled: 'False' }),
			Folders: context.faker.helpers.multiple(
				() => ({
					...folder(context),
					FolderItems: context.faker.helpers.multiple(
						() => ({
							InternetMessageId: `<${context.faker.string.alphanumeric(24)}@${context.domain}>`,
							SizeInBytes: context.faker.number.int({ min: 1000, max: 90_000 }),
						}),
						{ count: { min: 1, max: 8 } },
					),
				}),
				{ count: { min: 1, max: 4 } },
			),
		}),
	},
	{
		recordType: 154,
		workload: 'Exchange',
		operations: ['MessageAccess', 'AttachmentReview'],
		fields: ({ faker, domain }) => ({
			ResultStatus: 'Success',
			AuthenticationMethod: 'Google',
			AuthenticationStatus: 0,
			MessageId: `<${faker.string.alphanumeric(24)}@${domain}>`,
			OperationProperties: nameValues({ MailSubject: faker.company.catchPhrase() }),
			OperationStatus: 0,
			Recipient: faker.internet.email(),
			Sender: `support@${domain}`,
		}),
	},
];
