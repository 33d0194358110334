import { COMPLIANCE_TEMPLATES } from './compliance.mts';
import { nameValues, userName } from './eventTemplate.mts';
import type { EventTemplate } from './eventTemplate.mts';

const COLLABORATION_TEMPLATES: readonly EventTemplate[] = [
	{
		recordType: 20,
		workload: 'PowerBI',
		operations: ['ViewReport', 'ExportReport', 'CreateDataset'],
		fields: ({ faker }) => ({
			ClientIP: faker.internet.ipv4(),
			Activity: 'ViewReport',
			ItemName: faker.commerce.productName(),
			WorkSpaceName: faker.commerce.department(),
			WorkspaceId: faker.string.uuid(),
			ReportId: faker.string.uuid(),
			IsSuccess: true,
		}),
	},
	{
		recordType: 22,
		workload: 'Yammer',
		operations: ['MessageCreated', 'GroupCreation', 'FileCreated'],
		fields: ({ faker }) => ({
			ClientIP: `[${faker.internet.ipv6()}]:443`,
			ResultStatus: 'TRUE',
			ObjectId: faker.commerce.department(),
			ActorYammerUserId: faker.number.int({ min: 1_000_000, max: 9_000_000_000 }),
			GroupName: faker.commerce.department(),
			MessageId: null,
			YammerNetworkId: faker.number.int(9_000_000),
		}),
	},
	{
		recordType: 25,
		workload: 'MicrosoftTeams',
		operations: ['TeamsSessionStarted', 'MemberAdded', 'TabAdded', 'MessageSent', 'ChannelAdded'],
		fields: (context) => ({
			...(context.faker.datatype.boolean() ? { ClientIP: context.faker.internet.ipv4() } : {}),
			CommunicationType: 'Team',
			ChannelName: 'General',
			ExtraProperties: [{ Key: 'TimeZone', Value: 'Europe/Berlin' }],
			Members: [{ DisplayName: context.faker.person.fullName(), Role: 1, UPN: userName(context) }],
			TeamGuid: `19:${context.faker.string.alphanumeric(32)}@thread.tacv2`,
			TeamName: context.faker.commerce.department(),
		}),
	},
	{
		recordType: 57,
		workload: 'MicrosoftTeams',
		operations: ['Set-CsTeamsMeetingPolicy', 'New-CsTeamsAppSetupPolicy'],
		fields: () => ({ ResultStatus: 'Succeeded', Parameters: nameValues({ Identity: 'Global' }) }),
	},
	{
		recordType: 30,
		workload: 'MicrosoftFlow',
		operations: ['CreateFlow', 'EditFlow', 'DeleteFlow'],
		fields: ({ faker }) => ({
			FlowConnectorNames: 'Office 365 Outlook, SharePoint',
			FlowDetailsUrl: `https://flow.microsoft.com/manage/flows/${faker.string.uuid()}`,
			UserTypeInitiated: 1,
		}),
	},
	{
		recordType: 45,
		workload: 'PowerApps',
		operations: ['LaunchPowerApp', 'PublishPowerApp'],
		fields: ({ faker }) => ({
			AppName: faker.string.uuid(),
			AdditionalInfo: '{"environmentName":"Default"}',
		}),
	},
	{
		recordType: 66,
		workload: 'MicrosoftForms',
		operations: ['CreateForm', 'ViewResponses', 'SubmitResponse'],
		fields: ({ faker }) => ({
			ActivityParameters: JSON.stringify({ ResponseId: faker.number.int(900) }),
			FormId: faker.string.alphanumeric(60),
			FormName: faker.company.buzzPhrase(),
			FormType: 'Form',
			FormsUserType: 1,
			SourceApp: 'Web App',
		}),
	},
	{
		recordType: 35,
		workload: 'Project',
		operations: ['TimesheetSaved', 'ProjectCheckedIn'],
		fields: ({ faker }) => ({
			ClientIP: faker.internet.ipv4(),
			Action: 'Saved',
			Entity: 'Timesheet',
		}),
	},
	{
		recordType: 188,
		workload: 'Planner',
		operations: ['PlanCreated', 'PlanRead'],
		fields: ({ faker }) => ({
			ResultStatus: 'Success',
			ObjectId: faker.string.alphanumeric(28),
			ContainerType: 2,
		}),
	},
	{
		recordType: 190,
		workload: 'Planner',
		operations: ['TaskCreated', 'TaskCompleted'],
		fields: ({ faker }) => ({
			ResultStatus: 'Success',
			ObjectId: faker.string.alphanumeric(28),
			PlanId: faker.string.alphanumeric(28),
		}),
	},
	{
		recordType: 261,
		workload: 'Copilot',
		operations: ['CopilotInteraction'],
		fields: ({ faker }) => ({
			ClientIP: `ffff:${faker.internet.ipv4()}`,
			ClientRegion: 'EU',
			CopilotEventData: {
				AISystemPlugin: [],
				AccessedResources: [
					{
						Action: 'Read',
						Type: 'docx',
						SiteUrl: faker.internet.url(),
						listItemUniqueId: faker.string.uuid(),
					},
				],
				AppHost: faker.helpers.arrayElement(['Word', 'Teams', 'bizchat']),
				Contexts: [],
				MessageIds: [],
				Messages: [
					{ Id: faker.string.numeric(13), isPrompt: true },
					{ Id: faker.string.numeric(13), isPrompt: false },
				],
				ThreadId: `19:${faker.string.alphanumeric(40)}@thread.v2`,
			},
		}),
	},
];

/** `Audit.General`: every workload that has no content type of its own. */
export const GENERAL_TEMPLATES = [...COLLABORATION_TEMPLATES, ...COMPLIANCE_TEMPLATES];
