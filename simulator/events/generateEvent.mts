import { base, en, Faker } from '@faker-js/faker';
import type { ContentType } from '../contentTypes.mts';
import type { Faults } from '../faults.mts';
import type { Chance } from '../random.mts';
import { AWKWARD_MEMBERS, DEEP_MEMBER, HOSTILE_MEMBERS, makeAwkward } from './awkward.mts';
import { AZURE_ACTIVE_DIRECTORY_TEMPLATES } from './azureActiveDirectory.mts';
import { DLP_TEMPLATES } from './dlp.mts';
import { buildRecord } from './eventTemplate.mts';
import type { AuditRecord, EventTemplate } from './eventTemplate.mts';
import { EXCHANGE_TEMPLATES } from './exchange.mts';
import { GENERAL_TEMPLATES } from './general.mts';
import { SHAREPOINT_TEMPLATES } from './sharePoint.mts';

export const TEMPLATES: Readonly<Record<ContentType, readonly EventTemplate[]>> = {
	'Audit.AzureActiveDirectory': AZURE_ACTIVE_DIRECTORY_TEMPLATES,
	'Audit.Exchange': EXCHANGE_TEMPLATES,
	'Audit.SharePoint': SHAREPOINT_TEMPLATES,
	'Audit.General': GENERAL_TEMPLATES,
	'DLP.All': DLP_TEMPLATES,
};

/** Numbers that stand in no published table of record types. */
const UNKNOWN_RECORD_TYPES = [26, 150, 205, 262, 999, 4711];

export interface EventPlace {
	contentType: ContentType;
	blobIndex: number;
	position: number;
	/** The blob's `contentCreated`. */
	createdMs: number;
}

export type GenerateEvent = (place: EventPlace) => string;

/** Makes the JSON text of the event at a place: the same for the same seed, whatever was asked before. */
export function createEventGenerator(
	tenantId: string,
	chance: Chance,
	faults: Faults,
): GenerateEvent {
	const faker = new Faker({ locale: [en, base] });
	const domain = 'contoso.onmicrosoft.com';
	return ({ contentType, blobIndex, position, createdMs }) => {
		const dice = (what: string) => chance.of('event', blobIndex, position, what);
		faker.seed(chance.seed('event', blobIndex, position));
		const template = faker.helpers.arrayElement(TEMPLATES[contentType] as EventTemplate[]);
		let record = buildRecord(template, { faker, organizationId: tenantId, domain, createdMs });
		if (dice('unknown') < faults.unknownRecordTypes) {
			record['RecordType'] = faker.helpers.arrayElement(UNKNOWN_RECORD_TYPES);
		}
		const members: string[] = [];
		if (dice('awkward') < faults.awkwardEvents) {
			record = makeAwkward(record, faker);
			if (dice('number') < 0.3) members.push(faker.helpers.arrayElement(AWKWARD_MEMBERS));
		}
		if (dice('huge') < faults.hugeEvents) record = makeHuge(record, faker);
		if (dice('hostile') < faults.hostileEvents)
			members.push(faker.helpers.arrayElement(HOSTILE_MEMBERS));
		if (dice('deep') < faults.deepEvents) members.push(DEEP_MEMBER);
		if (dice('id') < faults.eventsWithoutId) delete record['Id'];
		return withMembers(JSON.stringify(record), members);
	};
}

/** 17 KB and more: the top of what is seen. */
function makeHuge(record: AuditRecord, faker: Faker): AuditRecord {
	const words = faker.helpers.multiple(() => faker.lorem.paragraph(), {
		count: { min: 60, max: 160 },
	});
	return {
		...record,
		Data: JSON.stringify({ Version: '3.0', Entities: words.map((Value, $id) => ({ $id, Value })) }),
	};
}

function withMembers(json: string, members: string[]): string {
	return members.length === 0 ? json : `${json.slice(0, -1)},${members.join(',')}}`;
}

/** The same event with its keys in another order, as Microsoft's duplicates come. */
export function reorderKeys(json: string): string {
	const record = JSON.parse(json) as AuditRecord;
	// A number that JavaScript cannot hold, or `__proto__`, would not survive being parsed and written again.
	if (/\d{16,}|1e400|-0\.0|1\.0|__proto__|\\ud800|toJSON|\[{9}/.test(json)) return json;
	return JSON.stringify(Object.fromEntries(Object.entries(record).reverse()));
}
