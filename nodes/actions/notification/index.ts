import type { Resource } from '../types';
import { getAll } from './getAll';

export const notification: Resource = {
	name: 'Notification',
	value: 'notification',
	description: 'Attempts of Microsoft to notify a webhook',
	operations: [getAll],
};
