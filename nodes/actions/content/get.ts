import { NodeOperationError } from 'n8n-workflow';

import { isContentId } from '../../feed/contentEntry';
import { createDeduplicator } from '../../feed/deduplicate';
import type { EventOrigin } from '../../feed/origin';
import { isRecord, unusableEntries } from '../../feed/parseBlob';
import { createTextSet } from '../../feed/textSet';
import { toText } from '../../feed/toText';
import { CONTENT_TYPES } from '../../feed/types';
import { contentIdOf } from '../../transport/urls';
import { PRECISION_HINT, toItem } from '../event/itemOutput';
import { simplify } from '../common/descriptions';
import { maxRequestsPerMinuteOption, normalizeOption } from '../common/optionDescriptions';
import { readNumber, readOptions } from '../common/parameters';
import { createReport } from '../common/report';
import type { Operation, OperationContext } from '../types';

/**
 * `GET audit/{contentId}`: the events of one blob. Of a contentUri only the contentId is used; the address is built from the
 * credential, because Microsoft has sent contentUris that lead elsewhere.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#retrieve-content
 */
export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Download the events of one content blob',
	action: 'Get a content blob',
	properties: [
		{
			displayName: 'Content ID',
			name: 'contentId',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.contentId }}',
			description: 'The contentId as Get Many or the trigger returns it',
		},
		{
			displayName: 'Content URI',
			name: 'contentUri',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.contentUri }}',
			description: 'The contentUri of the blob, used when Content ID is empty',
			hint: 'Fill in Content ID or Content URI, one of them is enough',
		},
		simplify,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Deduplicate',
					name: 'deduplicate',
					type: 'boolean',
					default: true,
					description: 'Whether to return an event only once when the blob holds it repeatedly',
				},
				maxRequestsPerMinuteOption,
				normalizeOption,
			],
		},
	],
	async execute(context) {
		const { node, itemIndex } = context;
		const origin = findOrigin(context, readContentId(context));
		const options = readOptions(node.getNodeParameter('options', itemIndex, {}));
		const shape = {
			simplify: node.getNodeParameter('simplify', itemIndex, true) === true,
			normalize: options.normalize === true,
		};
		const isNew = options.deduplicate === false ? () => true : createDeduplicator(createTextSet());
		const report = createReport(context, 'report');
		const maxRequestsPerMinute = readNumber(
			node,
			'Max Requests per Minute',
			options.maxRequestsPerMinute ?? maxRequestsPerMinuteOption.default,
			{ min: 1, itemIndex },
		);
		const client = await context.client({ maxRequestsPerMinute });
		const fetched = await client.blob(origin.contentId);
		if (fetched.lostPrecision && !shape.simplify) context.hint(PRECISION_HINT);
		if (fetched.unusable > 0) {
			report.missing({ ...origin, failure: unusableEntries(fetched.unusable) });
		}
		report.finish();
		const items = fetched.events
			.filter(isNew)
			.map((event) => toItem(event, origin, shape, itemIndex));
		return items.concat(report.items());
	},
};

function readContentId({ node, itemIndex }: OperationContext): string {
	const text = (name: string) => toText(node.getNodeParameter(name, itemIndex, '') ?? '').trim();
	const contentUri = text('contentUri');
	// A contentUri pasted into the first field means the same.
	const given = text('contentId') || contentUri;
	const contentId = given.includes('/') ? contentIdOf(given) : given;
	if (isContentId(contentId)) return contentId;
	throw new NodeOperationError(
		node.getNode(),
		given === '' ? 'Content ID is empty' : 'That is no content ID or content URI',
		{
			itemIndex,
			description: 'Use a contentId (or contentUri) as Content > Get Many or the trigger returns it.',
		},
	);
}

/**
 * What is known about the blob. If the input item is the blob's own entry, its fields are used; otherwise the content type is
 * read from the contentId, whose third part names it (`…$audit_exchange$Audit_Exchange$emea0036`).
 */
function findOrigin({ node, itemIndex }: OperationContext, contentId: string): EventOrigin {
	const input = node.getInputData()[itemIndex]?.json;
	const entry = isRecord(input) && input.contentId === contentId ? input : {};
	const text = (name: string) => (typeof entry[name] === 'string' ? { [name]: entry[name] } : {});
	const names = [toText(entry.contentType ?? ''), ...contentId.split('$')];
	const contentType = names.map(contentTypeNamed).find((type) => type !== undefined);
	return {
		...(contentType ? { contentType } : {}),
		contentId,
		...text('contentCreated'),
		...text('contentExpiration'),
	};
}

function contentTypeNamed(text: string) {
	const name = text.replace('_', '.').toLowerCase();
	return CONTENT_TYPES.find((type) => type.toLowerCase() === name);
}
