import { NodeOperationError, type IExecuteFunctions, type IPollFunctions } from 'n8n-workflow';

import { compileFilters, type EventFilters } from '../../feed/filters';
import { isRecord } from '../../feed/parseBlob';
import { toShortText, toText } from '../../feed/toText';
import { CONTENT_TYPES, type AuditEvent, type ContentType } from '../../feed/types';

/** Reading parameters that users may fill by expression with something else than the editor would. */

/** Comma-separated text, one value, or an array: the values without blanks and empties. */
export function toList(value: unknown): string[] {
	const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
	return parts
		.filter((part) => part !== undefined && part !== null)
		.map((part) => toText(part).trim())
		.filter((part) => part !== '');
}

/** @throws NodeOperationError if nothing, or something unknown, is chosen */
export function readContentTypes(
	node: IExecuteFunctions | IPollFunctions,
	value: unknown,
	itemIndex?: number,
): ContentType[] {
	const wanted = toList(value).map((name) => {
		const known = CONTENT_TYPES.find((type) => type.toLowerCase() === name.toLowerCase());
		if (known) return known;
		throw new NodeOperationError(node.getNode(), `“${toShortText(name)}” is not a content type`, {
			itemIndex,
			description: `Choose from ${CONTENT_TYPES.join(', ')}.`,
		});
	});
	if (wanted.length === 0) {
		throw new NodeOperationError(node.getNode(), 'No content type is chosen', {
			itemIndex,
			description: 'Choose at least one value in Content Types.',
		});
	}
	return [...new Set(wanted)];
}

/** A collection of options, which by expression may be anything. */
export function readOptions(value: unknown): Record<string, unknown> {
	return isRecord(value) ? value : {};
}

/** @throws InvalidFilter */
export function readFilters(value: unknown): ((event: AuditEvent) => boolean) | undefined {
	const given = isRecord(value) ? value : {};
	const filters: EventFilters = {
		recordTypes: toList(given.recordTypes),
		workloads: toList(given.workloads),
		operations: toList(given.operations),
		users: toList(given.users),
		clientIps: toList(given.clientIps),
		resultStatuses: toList(given.resultStatuses),
	};
	return compileFilters(filters);
}

/** A whole number within bounds; 0 stays 0 where it means "automatic". @throws NodeOperationError */
export function readNumber(
	node: IExecuteFunctions | IPollFunctions,
	name: string,
	value: unknown,
	bounds: { min: number; max?: number; itemIndex?: number },
): number {
	const { min, max = Number.MAX_SAFE_INTEGER, itemIndex } = bounds;
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) {
		return number;
	}
	const bound = max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`;
	throw new NodeOperationError(node.getNode(), `“${name}” must be a whole number ${bound}`, {
		itemIndex,
		description: 'Correct the value and run the node again.',
	});
}
