import type { Resource } from '../types';
import { get } from './get';
import { getAll } from './getAll';

export const content: Resource = {
	name: 'Content',
	value: 'content',
	description: 'Content blobs, each holding many events',
	operations: [get, getAll],
};
