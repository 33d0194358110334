import type { Resource } from '../types';
import { getAll } from './getAll';

export const event: Resource = {
	name: 'Audit Event',
	value: 'event',
	description: 'Events of the Microsoft 365 audit log',
	operations: [getAll],
};
