import { creationTime, userName } from './eventTemplate.mts';
import type { AuditRecord, EventContext, EventTemplate } from './eventTemplate.mts';

/** `DLP.All` carries what was matched in clear text; this one belongs to a card network's test range. */
const TEST_CARD_NUMBER = '4111 1111 1111 1111';

function policyFields({ faker }: EventContext): AuditRecord {
	return {
		IncidentId: faker.string.uuid(),
		PolicyDetails: [
			{
				PolicyId: faker.string.uuid(),
				PolicyName: 'Payment card data',
				Rules: [
					{
						RuleId: faker.string.uuid(),
						RuleName: 'High volume',
						RuleMode: 'Enable',
						Severity: faker.helpers.arrayElement(['Low', 'Medium', 'High']),
						Actions: ['BlockAccess', 'GenerateIncidentReport'],
						ActionParameters: ['GenerateIncidentReport:SiteAdmin'],
						ConditionsMatched: {
							ConditionMatchedInNewScheme: true,
							OtherConditions: [{ Name: 'AccessScope', Value: 'Org' }],
							SensitiveInformation: [
								{
									Confidence: 85,
									Count: faker.number.int({ min: 1, max: 40 }),
									Location: 'Message Body',
									SensitiveInformationTypeName: 'Credit Card Number',
									SensitiveType: '50842eb7-edc8-4019-85dd-5a5c1f2bb085',
									SensitiveInformationDetections: {
										DetectedValues: [
											{ Name: TEST_CARD_NUMBER, Value: `card ${TEST_CARD_NUMBER} 12/29` },
										],
										ResultsTruncated: false,
									},
								},
							],
						},
					},
				],
			},
		],
		SensitiveInfoDetectionIsIncluded: true,
	};
}

const exchangeMeta = (context: EventContext): AuditRecord => ({
	ObjectId: `<${context.faker.string.alphanumeric(20)}@${context.domain}>`,
	ExchangeMetaData: {
		BCC: [],
		CC: [],
		FileSize: context.faker.number.int({ min: 1000, max: 900_000 }),
		From: userName(context),
		MessageID: `<${context.faker.string.alphanumeric(20)}@${context.domain}>`,
		RecipientCount: 1,
		Sent: creationTime(context.createdMs),
		Subject: context.faker.company.catchPhrase(),
		To: [context.faker.internet.email()],
		UniqueID: context.faker.string.uuid(),
	},
	...policyFields(context),
});

const sharePointMeta = (context: EventContext): AuditRecord => ({
	ObjectId: `https://contoso.sharepoint.com/sites/finance/${context.faker.system.commonFileName('xlsx')}`,
	SharePointMetaData: {
		FileID: context.faker.string.uuid(),
		FileName: context.faker.system.commonFileName('xlsx'),
		FileOwner: context.faker.person.fullName(),
		From: userName(context),
		ItemCreationTime: creationTime(context.createdMs),
		SiteCollectionGuid: context.faker.string.uuid(),
		UniqueID: context.faker.string.uuid(),
	},
	...policyFields(context),
});

const OPERATIONS = ['DLPRuleMatch', 'DLPRuleUndo', 'DlpInfo'] as const;

export const DLP_TEMPLATES: readonly EventTemplate[] = [
	{
		recordType: 11,
		workload: ['SharePoint', 'OneDrive'],
		operations: OPERATIONS,
		fields: sharePointMeta,
	},
	{ recordType: 13, workload: 'Exchange', operations: OPERATIONS, fields: exchangeMeta },
	{ recordType: 33, workload: 'SharePoint', operations: ['DlpInfo'], fields: sharePointMeta },
	{ recordType: 107, workload: 'Exchange', operations: ['DlpInfo'], fields: exchangeMeta },
	{
		recordType: 63,
		workload: 'Endpoint',
		operations: ['FileCopiedToRemovableMedia', 'FileUploadedToCloud', 'FilePrinted'],
		fields: (context) => ({
			ClientIP: context.faker.internet.ipv4(),
			ObjectId: `C:\\Users\\${context.faker.person.firstName()}\\Documents\\customers.xlsx`,
			Application: 'explorer.exe',
			DeviceName: `desktop-${context.faker.string.alphanumeric(6)}.${context.domain}`,
			EnforcementMode: 1,
			EvidenceFile: null,
			Sha256: context.faker.string.hexadecimal({ length: 64, prefix: '' }),
			...policyFields(context),
		}),
	},
];
