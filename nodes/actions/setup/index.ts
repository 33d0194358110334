import type { Resource } from '../types';
import { check } from './check';

export const setup: Resource = {
	name: 'Setup',
	value: 'setup',
	description: 'What works and what is missing',
	operations: [check],
};
