import type { Operation } from '../types';
import { properties, readParameters } from './parameters';
import { collectFiles } from './fileOutput';
import { collectItems } from './itemOutput';

/**
 * Lists content for the types and the range, follows every page, downloads the blobs side by side, removes duplicates and
 * filters.
 *
 * `GET subscriptions/content` per type and window of at most 24 h, then `GET audit/{contentId}` per blob.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-available-content
 */
export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	description: 'Get audit events that became available in a time range',
	action: 'Get many audit events',
	properties,
	async execute(context) {
		const parameters = readParameters(context);
		if (parameters.note) context.hint(parameters.note);
		return parameters.output === 'file'
			? await collectFiles(context, parameters)
			: await collectItems(context, parameters);
	},
};
