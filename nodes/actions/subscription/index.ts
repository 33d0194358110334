import type { Resource } from '../types';
import { getAll } from './getAll';
import { start } from './start';
import { stop } from './stop';

export const subscription: Resource = {
	name: 'Subscription',
	value: 'subscription',
	description: 'What Microsoft collects for you, per content type',
	operations: [getAll, start, stop],
};
