import type { AuditRecord, EventContext, EventTemplate } from './eventTemplate.mts';

const WORKLOADS = ['SharePoint', 'OneDrive'] as const;

function siteFields(context: EventContext, itemType: string): AuditRecord {
	const { faker, domain } = context;
	const site = `https://${domain.split('.')[0]}.sharepoint.com/sites/${faker.commerce.department()}`;
	return {
		ClientIP: faker.internet.ipv4(),
		ObjectId: `${site}/Shared Documents/${faker.system.commonFileName('docx')}`,
		CorrelationId: faker.string.uuid(),
		EventSource: 'SharePoint',
		ItemType: itemType,
		Site: faker.string.uuid(),
		SiteUrl: `${site}/`,
		UserAgent: faker.internet.userAgent(),
		WebId: faker.string.uuid(),
		GeoLocation: faker.helpers.arrayElement(['EUR', 'NAM', 'APC']),
	};
}

function fileFields(context: EventContext): AuditRecord {
	const { faker } = context;
	return {
		...siteFields(context, 'File'),
		ListId: faker.string.uuid(),
		ListItemUniqueId: faker.string.uuid(),
		SourceFileExtension: 'docx',
		SourceFileName: faker.helpers.arrayElement([
			'Budget – 2026.docx',
			'דוח.docx',
			faker.system.commonFileName('docx'),
		]),
		SourceRelativeUrl: 'Shared Documents',
		Platform: faker.helpers.arrayElement([1, 'WinDesktop']),
		IsManagedDevice: faker.datatype.boolean(),
		FileSizeBytes: faker.number.int({ min: 0, max: 50_000_000 }),
		HighPriorityMediaProcessing: false,
	};
}

const listFields = (context: EventContext): AuditRecord => ({
	...siteFields(context, 'List'),
	ListId: context.faker.string.uuid(),
	ListTitle: context.faker.commerce.productName(),
	ListBaseType: context.faker.helpers.arrayElement([1, 'DocumentLibrary']),
	ListServerTemplate: 'Document Library',
	TemplateTypeId: '',
	DoNotDistributeEvent: true,
});

export const SHAREPOINT_TEMPLATES: readonly EventTemplate[] = [
	{
		recordType: 4,
		workload: WORKLOADS,
		operations: ['SearchQueryPerformed', 'PageViewed', 'SignInEvent'],
		fields: (context) => ({
			...siteFields(context, 'Page'),
			EventData: '<ClientType>Web</ClientType>',
		}),
	},
	{
		recordType: 6,
		workload: WORKLOADS,
		operations: ['FileAccessed', 'FileDownloaded', 'FileModified', 'FileUploaded', 'FileDeleted'],
		fields: fileFields,
	},
	{
		recordType: 7,
		workload: 'OneDrive',
		operations: ['FileSyncUploadedFull', 'FileSyncDownloadedFull'],
		fields: (context) => ({
			...fileFields(context),
			FileSyncBytesCommitted: context.faker.string.numeric(6),
		}),
	},
	{
		recordType: 14,
		workload: WORKLOADS,
		operations: [
			'SharingSet',
			'AnonymousLinkCreated',
			'SharingInvitationCreated',
			'AddedToSecureLink',
		],
		fields: (context) => ({
			...fileFields(context),
			EventData: '<Permissions granted>Contribute</Permissions granted>',
			TargetUserOrGroupName: context.faker.internet.email(),
			TargetUserOrGroupType: context.faker.helpers.arrayElement([
				'Guest',
				'Member',
				'SecurityGroup',
			]),
			UniqueSharingId: context.faker.string.uuid(),
		}),
	},
	{
		recordType: 36,
		workload: WORKLOADS,
		operations: ['ListCreated', 'ListUpdated', 'ListViewed'],
		fields: listFields,
	},
	{
		recordType: 37,
		workload: 'SharePoint',
		operations: ['CommentCreated', 'CommentDeleted'],
		fields: (context) => ({
			...siteFields(context, 'Page'),
			CommentId: context.faker.string.numeric(5),
		}),
	},
	{
		recordType: 54,
		workload: 'SharePoint',
		operations: ['ListItemCreated', 'ListItemViewed'],
		fields: listFields,
	},
	{
		recordType: 55,
		workload: 'SharePoint',
		operations: ['ListContentTypeCreated'],
		fields: listFields,
	},
	{
		recordType: 56,
		workload: WORKLOADS,
		operations: ['ListColumnCreated', 'ListColumnUpdated', 'SiteColumnDeleted'],
		fields: (context) => ({ ...listFields(context), Version: 1, CustomUniqueId: false }),
	},
];
