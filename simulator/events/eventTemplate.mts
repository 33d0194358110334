import type { Faker } from '@faker-js/faker';

export type AuditRecord = Record<string, unknown>;

/** What an event is made from. `faker` is seeded for this one event. */
export interface EventContext {
	faker: Faker;
	organizationId: string;
	/** The tenant's domain. */
	domain: string;
	/** Milliseconds since 1970. */
	createdMs: number;
}

/** How one kind of record is made: the fields beside those that all records share. */
export interface EventTemplate {
	recordType: number;
	workload: string | readonly string[];
	operations: readonly string[];
	fields: (context: EventContext, operation: string) => AuditRecord;
}

/** `2026-02-07T16:43:53`: UTC, but without saying so. */
export function creationTime(ms: number): string {
	return new Date(ms).toISOString().slice(0, 19);
}

export function userName({ faker, domain }: EventContext): string {
	return `${faker.person.firstName()}.${faker.person.lastName()}@${domain}`
		.toLowerCase()
		.replace(/['\s]/g, '');
}

/** `Name`/`Value` pairs, the shape of Parameters, ExtendedProperties and others. */
export function nameValues(values: Record<string, string>): Array<{ Name: string; Value: string }> {
	return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
}

/** The schema common to all records: https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#common-schema */
export function buildRecord(template: EventTemplate, context: EventContext): AuditRecord {
	const { faker } = context;
	const operation = faker.helpers.arrayElement(template.operations);
	const user = userName(context);
	const workload = [template.workload].flat();
	// Minutes before the blob as a rule, but days are seen too.
	const ageMs = faker.datatype.boolean(0.05)
		? faker.number.int({ min: 1, max: 4 * 24 * 60 }) * 60_000
		: faker.number.int({ min: 60, max: 5400 }) * 1000;
	return {
		CreationTime: creationTime(context.createdMs - ageMs),
		Id: faker.string.uuid(),
		Operation: operation,
		OrganizationId: context.organizationId,
		RecordType: template.recordType,
		UserKey: `1003${faker.string.hexadecimal({ length: 12, prefix: '', casing: 'upper' })}`,
		UserType: faker.helpers.weightedArrayElement([
			{ weight: 20, value: 0 },
			{ weight: 4, value: 2 },
			{ weight: 1, value: 4 },
			{ weight: 1, value: 5 },
			{ weight: 1, value: 6 },
		]),
		Version: 1,
		Workload: faker.helpers.arrayElement(workload as string[]),
		UserId: user,
		...template.fields(context, operation),
	};
}
