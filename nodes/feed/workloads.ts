/**
 * Values of `Workload` seen in public records or named by Microsoft; the list is open, and filters take any other name by
 * expression.
 */
export const WORKLOADS = [
	'Aip',
	'AzureActiveDirectory',
	'ComplianceManager',
	'Copilot',
	'Exchange',
	'MCAS',
	'MicrosoftForms',
	'MicrosoftTeams',
	'OneDrive',
	'PowerBI',
	'Project',
	'SecurityComplianceCenter',
	'SharePoint',
	'SkypeForBusiness',
	'TeamsEvalDataHub',
	'ThreatIntelligence',
	'Yammer',
];
