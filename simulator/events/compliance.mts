import { creationTime, nameValues, userName } from './eventTemplate.mts';
import type { AuditRecord, EventContext, EventTemplate } from './eventTemplate.mts';

const threatFields = (context: EventContext): AuditRecord => ({
	ObjectId: context.faker.string.uuid(),
	AttachmentData: [{ FileName: 'invoice.html', FileType: 'html', FileVerdict: 1 }],
	DetectionDate: creationTime(context.createdMs),
	DetectionMethod: 'URL detonation',
	EventDeepLink: 'https://security.microsoft.com/threatexplorer',
	InternetMessageId: `<${context.faker.string.alphanumeric(20)}@example.net>`,
	NetworkMessageId: context.faker.string.uuid(),
	P1Sender: context.faker.internet.email(),
	P2Sender: context.faker.internet.email(),
	Recipients: [userName(context)],
	SenderIp: context.faker.internet.ipv4(),
	Subject: context.faker.company.catchPhrase(),
	ThreatsAndDetectionTech: ['Phish: [URL detonation]', 'Spam: [General filter]'],
	Verdict: 'Phish',
});

const aipFields = ({ faker }: EventContext): AuditRecord => ({
	ClientIP: faker.internet.ipv4(),
	ObjectId: `C:\\Users\\${faker.person.firstName()}\\Documents\\${faker.system.commonFileName('docx')}`,
	Common: {
		ApplicationName: 'Microsoft Azure Information Protection Word Add-In',
		ProcessName: 'WINWORD',
		Platform: 1,
		DeviceName: faker.string.alphanumeric(10),
		Location: 'On-premises file shares',
		ProductVersion: '2.14.90.0',
	},
	DataState: 'Use',
	ProtectionEventData: { ProtectionType: 'Template', IsProtected: true },
	SensitiveInfoTypeData: [],
	SensitivityLabelEventData: {
		SensitivityLabelId: faker.string.uuid(),
		LabelEventType: 4,
		ActionSource: 1,
	},
	Scope: 1,
});

const cmdletFields = (context: EventContext, operation: string): AuditRecord => ({
	ResultStatus: 'Succeeded',
	ObjectId: context.faker.commerce.department(),
	ClientApplication: 'EMC',
	CmdletVersion: '15.20.4200.000',
	EffectiveOrganization: context.domain,
	NonPIIParameters: `-Identity "${operation}"`,
	Parameters: `-Identity "${operation}" -Confirm "False"`,
	SecurityComplianceCenterEventType: 0,
	StartTime: creationTime(context.createdMs),
});

export const COMPLIANCE_TEMPLATES: readonly EventTemplate[] = [
	{
		recordType: 18,
		workload: 'SecurityComplianceCenter',
		operations: ['Get-RetentionCompliancePolicy', 'New-ComplianceSearch', 'Set-Label'],
		fields: cmdletFields,
	},
	{
		recordType: 24,
		workload: 'SecurityComplianceCenter',
		operations: ['SearchCreated', 'SearchStarted', 'CaseAdded'],
		fields: (context) => ({
			...cmdletFields(context, 'Case'),
			Case: context.faker.company.name(),
			Query: 'kind:email',
		}),
	},
	{
		recordType: 40,
		workload: 'SecurityComplianceCenter',
		operations: ['AlertTriggered', 'AlertEntityGenerated', 'AlertUpdated'],
		fields: ({ faker }) => ({
			ResultStatus: 'Succeeded',
			ObjectId: faker.string.uuid(),
			AlertEntityId: faker.internet.email(),
			AlertId: faker.string.uuid(),
			AlertLinks: [{ AlertLinkHref: '' }],
			AlertType: 'System',
			Data: JSON.stringify({
				etype: 'User',
				ts: '2026-02-07T16:43:53Z',
				at: faker.lorem.sentence(),
			}),
			Severity: faker.helpers.arrayElement(['Low', 'Medium', 'High']),
			Source: 'Office 365 Security & Compliance',
			Status: 'Active',
		}),
	},
	{
		recordType: 52,
		workload: 'SecurityComplianceCenter',
		operations: ['Search', 'GetRecord'],
		fields: ({ faker }) => ({
			ResultStatus: 'Succeeded',
			DataType: 'MailFlow',
			DatabaseType: 'Directory',
			ResultCount: faker.string.numeric(2),
		}),
	},
	{
		recordType: 28,
		workload: 'ThreatIntelligence',
		operations: ['TIMailData'],
		fields: threatFields,
	},
	{
		recordType: 41,
		workload: 'ThreatIntelligence',
		operations: ['TIUrlClickData'],
		fields: ({ faker, createdMs }) => ({
			EventDeepLink: faker.internet.url(),
			TimeOfClick: creationTime(createdMs),
			Url: faker.internet.url(),
			UserIp: faker.internet.ipv4(),
		}),
	},
	{
		recordType: 47,
		workload: 'ThreatIntelligence',
		operations: ['AtpDetection'],
		fields: ({ faker }) => ({
			FileData: {
				FileName: faker.system.commonFileName('exe'),
				FileVerdict: 1,
				MalwareFamily: 'Trojan',
				SHA256: faker.string.hexadecimal({ length: 64, prefix: '' }),
			},
			SourceWorkload: 1,
		}),
	},
	{
		recordType: 64,
		workload: 'AirInvestigation',
		operations: ['AirInvestigationData'],
		fields: (context) => ({
			Actions: [JSON.stringify({ $id: '2', ActionType: 'url:soft-delete', Status: 'Pending' })],
			Data: JSON.stringify({
				Version: '3.0',
				VendorName: 'Microsoft',
				Recipients: [userName(context)],
			}),
			InvestigationId: `urn:ZappedUrlInvestigation:${context.faker.string.hexadecimal({ length: 32, prefix: '' })}`,
			InvestigationType: 'ZappedUrlInvestigation',
			Status: 'Running',
		}),
	},
	{
		recordType: 65,
		workload: 'Quarantine',
		operations: ['QuarantineReleaseMessage', 'QuarantinePreview'],
		fields: ({ faker }) => ({
			NetworkMessageId: faker.string.uuid(),
			ReleaseTo: faker.internet.email(),
			RequestSource: 0,
			RequestType: 1,
		}),
	},
	{ recordType: 93, workload: 'Aip', operations: ['Discover', 'Access'], fields: aipFields },
	{
		recordType: 94,
		workload: 'Aip',
		operations: ['SensitivityLabelApplied', 'SensitivityLabelUpdated'],
		fields: aipFields,
	},
	{
		recordType: 97,
		workload: 'Aip',
		operations: ['HeartBeat'],
		fields: ({ faker }) => ({
			ClientIP: faker.internet.ipv4(),
			Common: { Platform: '1', ProductVersion: '2.14.90.0' },
			Scope: 1,
			OperationProperties: nameValues({ Interval: '24' }),
		}),
	},
];
