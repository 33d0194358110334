import type { ContentType } from './contentTypes.mts';

const digits = (ms: number) => new Date(ms).toISOString().replace(/\D/g, '');

/**
 * `20200705152230936019353$20200705152411486034089$audit_exchange$Audit_Exchange$emea0036`: when the events were
 * collected and when the blob was written, each to 23 digits, the content type twice, the datacenter.
 */
export function contentIdFor(contentType: ContentType, createdMs: number, index: number): string {
	const name = contentType.replace('.', '_');
	const serial = String(index % 1_000_000).padStart(6, '0');
	const region = ['emea0036', 'na0012', 'apac0004'][index % 3];
	return `${digits(createdMs - 101_000)}${serial}$${digits(createdMs)}${serial}$${name.toLowerCase()}$${name}$${region}`;
}

const DLP_RECORD_TYPES = [11, 13, 33, 63, 99, 100, 107];

/** The content type in which Microsoft would deliver an event. */
export function contentTypeOfEvent(event: unknown): ContentType {
	const { Workload, RecordType } = (event ?? {}) as { Workload?: unknown; RecordType?: unknown };
	if (DLP_RECORD_TYPES.includes(Number(RecordType))) return 'DLP.All';
	switch (Workload) {
		case 'AzureActiveDirectory':
			return 'Audit.AzureActiveDirectory';
		case 'Exchange':
			return 'Audit.Exchange';
		case 'SharePoint':
		case 'OneDrive':
			return 'Audit.SharePoint';
		default:
			return 'Audit.General';
	}
}
