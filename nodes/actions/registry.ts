import type { INodeProperties } from 'n8n-workflow';

import { content } from './content';
import { event } from './event';
import { notification } from './notification';
import { sensitiveType } from './sensitiveType';
import { setup } from './setup';
import { subscription } from './subscription';
import type { Operation, Resource } from './types';

/** Every resource and operation of the action node, in the order of the dropdown. The node's description comes from here. */
export const RESOURCES: Resource[] = [
	event,
	content,
	sensitiveType,
	notification,
	setup,
	subscription,
];

/** @returns undefined for a pair that does not exist, as an expression can produce */
export function findOperation(resource: string, operation: string): Operation | undefined {
	return RESOURCES.find(({ value }) => value === resource)?.operations.find(
		({ value }) => value === operation,
	);
}

/** The Operation dropdown of each resource, and the parameters of each operation shown for it alone. */
export function operationProperties(): INodeProperties[] {
	return RESOURCES.flatMap((resource) => [
		operationDropdown(resource),
		...resource.operations.flatMap((operation) =>
			operation.properties.map((property) => shownFor(resource, operation, property)),
		),
	]);
}

function operationDropdown({ value, operations }: Resource): INodeProperties {
	const values = operations.map((operation) => operation.value);
	const dropdown: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: operations.map(({ name, value: operation, description, action }) => ({
			name,
			value: operation,
			description,
			action,
		})),
		default: 'getAll',
		displayOptions: { show: { resource: [value] } },
	};
	return values.includes('getAll') ? dropdown : { ...dropdown, default: values[0] ?? '' };
}

function shownFor(resource: Resource, operation: Operation, property: INodeProperties): INodeProperties {
	const { displayOptions } = property;
	return {
		...property,
		displayOptions: {
			...displayOptions,
			show: { resource: [resource.value], operation: [operation.value], ...displayOptions?.show },
		},
	};
}
