/**
 * UserType: number to name.
 *
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#user-type
 */
export const USER_TYPE_NAMES: ReadonlyMap<number, string> = new Map([
	[0, 'Regular'],
	[1, 'Reserved'],
	[2, 'Admin'],
	[3, 'DCAdmin'],
	[4, 'System'],
	[5, 'Application'],
	[6, 'ServicePrincipal'],
	[7, 'CustomPolicy'],
	[8, 'SystemPolicy'],
	[9, 'PartnerTechnician'],
	[10, 'Guest'],
]);
