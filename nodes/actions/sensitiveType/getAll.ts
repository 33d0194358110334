import { NodeOperationError, type IDataObject } from 'n8n-workflow';

import { isRecord } from '../../feed/parseBlob';
import { toText } from '../../feed/toText';
import { returnAllAndLimit } from '../common/descriptions';
import { readLimit } from '../common/listEntries';
import { readOptions } from '../common/parameters';
import type { Operation } from '../types';

const DEFAULT_LANGUAGE = 'en-US';

/** A language tag and nothing else: it goes into a header, and the API takes one language only (AF20053). */
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

/**
 * `GET resources/dlpSensitiveTypes`: the names behind the GUIDs in DLP events, in one language.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#retrieve-resource-friendly-names
 */
export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	description: 'List the DLP sensitive types with their friendly names',
	action: 'Get many DLP sensitive types',
	properties: [
		...returnAllAndLimit,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Language',
					name: 'language',
					type: 'string',
					default: DEFAULT_LANGUAGE,
					placeholder: 'e.g. de-DE',
					description: 'One language code for the names',
				},
			],
		},
	],
	async execute(context) {
		const { node, itemIndex } = context;
		const options = readOptions(node.getNodeParameter('options', itemIndex, {}));
		const language = toText(options.language ?? '').trim() || DEFAULT_LANGUAGE;
		if (!LANGUAGE.test(language)) {
			throw new NodeOperationError(node.getNode(), 'Language is not one language code', {
				itemIndex,
				description: 'Use one code such as en-US or de-DE.',
			});
		}
		const types = await (await context.client()).sensitiveTypes(language);
		return types
			.filter(isRecord)
			.slice(0, readLimit(context))
			.map((type) => ({ json: type as IDataObject, pairedItem: { item: itemIndex } }));
	},
};
