import type { Resource } from '../types';
import { getAll } from './getAll';

export const sensitiveType: Resource = {
	name: 'DLP Sensitive Type',
	value: 'sensitiveType',
	description: 'What DLP looks for, with friendly names',
	operations: [getAll],
};
