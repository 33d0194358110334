import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { entriesOf, eventsOf, onceEach } from '../outcome.mts';
import { CONTENT_TYPES } from '../scene.mts';
import type { Due, Scene, Subject } from '../types.mts';
import { actionSubject, keysOfEvents, type ActionSpec } from './action.mts';

interface Check {
	name: string;
	ok: boolean;
	message: string;
	advice: string;
}

const ONE_TYPE = 'Audit.General';
const RANGE = { timeRange: 'last', lastAmount: 1, lastUnit: 'days', returnAll: true };
const LISTING = ['token call', 'listing', 'page n', 'throughout'] as const;

const json = (items: INodeExecutionData[]): IDataObject[] => items.map((item) => item.json);
const allEvents = (scene: Scene): Due[] => onceEach(scene.blobs.flatMap(eventsOf));
/** Entries without a contentId of their own come as Microsoft sent them; they are no part of what is due. */
const entryKeys = (items: INodeExecutionData[]) =>
	json(items)
		.map(({ contentId }) => contentId)
		.filter((contentId) => typeof contentId === 'string' && contentId !== '')
		.map((contentId) => `entry:${String(contentId)}`);

const readOutput: Record<string, ActionSpec['arrived']> = {
	events: (items) => keysOfEvents(json(items)),
	content: (items) => json(items).flatMap(({ events }) => keysOfEvents(events as unknown[])),
	async file(items, { stage }) {
		const keys: string[] = [];
		for (const item of items) {
			const text = (await stage.engine.readBinary(item)).toString().trimEnd();
			if (text) keys.push(...keysOfEvents(text.split('\n').map((line) => JSON.parse(line) as unknown)));
		}
		return keys;
	},
};

const EVENTS = Object.entries(readOutput).map(([output, arrived]) =>
	actionSubject({
		name: `Audit Event > Get Many (${output})`,
		moments: [...LISTING, 'blob n', 'last blob'],
		parameters: () => ({
			resource: 'event',
			operation: 'getAll',
			contentTypes: [...CONTENT_TYPES],
			...RANGE,
			output,
			simplify: false,
		}),
		due: allEvents,
		arrived,
	}),
);

const isEnabled = ({ stage }: Scene) =>
	stage.sim.tenantState.subscriptions.get(ONE_TYPE)?.status === 'enabled';

/** A change has arrived when the item says so and the tenant too; an item that says so against the tenant is unknown. */
const change = (items: INodeExecutionData[], isTrue: boolean): string[] =>
	items.length === 0 ? [] : [isTrue ? 'changed' : 'said to be changed'];

const OTHERS: readonly ActionSpec[] = [
	{
		name: 'Content > Get Many',
		moments: LISTING,
		parameters: () => ({ resource: 'content', operation: 'getAll', contentTypes: [...CONTENT_TYPES], ...RANGE }),
		due: entriesOf,
		arrived: entryKeys,
	},
	{
		name: 'Content > Get',
		moments: ['token call', 'blob n', 'throughout'],
		parameters: ({ middleBlob }) => ({
			resource: 'content',
			operation: 'get',
			contentId: middleBlob.contentId,
			simplify: false,
		}),
		due: ({ middleBlob }) => onceEach(eventsOf(middleBlob)),
		arrived: (items) => keysOfEvents(json(items)),
	},
	{
		name: 'Subscription > Get Many',
		moments: ['token call', 'first call', 'throughout'],
		parameters: () => ({ resource: 'subscription', operation: 'getAll', returnAll: true }),
		due: ({ stage }) => [...stage.sim.tenantState.subscriptions.keys()].map((contentType) => ({ key: contentType, contentType })),
		arrived: (items) => json(items).map(({ contentType }) => String(contentType)),
	},
	{
		name: 'Subscription > Start',
		moments: ['token call', 'first call', 'change call', 'throughout'],
		options: { subscriptions: { [ONE_TYPE]: 'missing' } },
		parameters: () => ({ resource: 'subscription', operation: 'start', contentType: ONE_TYPE }),
		due: () => [{ key: 'changed', contentType: ONE_TYPE }],
		arrived: (items, scene) => change(items, isEnabled(scene)),
	},
	{
		name: 'Subscription > Stop',
		moments: ['token call', 'change call', 'throughout'],
		parameters: () => ({ resource: 'subscription', operation: 'stop', contentType: ONE_TYPE }),
		due: () => [{ key: 'changed', contentType: ONE_TYPE }],
		arrived: (items, scene) => change(items, !isEnabled(scene)),
	},
	{
		name: 'Notification > Get Many',
		moments: LISTING,
		options: { subscriptions: { [ONE_TYPE]: { webhook: 'https://hooks.example.com/audit' } } },
		parameters: () => ({ resource: 'notification', operation: 'getAll', contentType: ONE_TYPE, ...RANGE }),
		due: (scene) => entriesOf(scene).filter(({ contentType }) => contentType === ONE_TYPE),
		arrived: entryKeys,
	},
	{
		name: 'DLP Sensitive Type > Get Many',
		moments: ['token call', 'first call', 'throughout'],
		parameters: () => ({ resource: 'sensitiveType', operation: 'getAll', returnAll: true }),
		due: () => [{ key: 'types' }],
		arrived: (items) => (items.length > 0 ? ['types'] : []),
	},
	{
		name: 'Setup > Check',
		moments: ['token call', 'first call', 'listing', 'page n', 'throughout'],
		parameters: () => ({ resource: 'setup', operation: 'check', contentTypes: [...CONTENT_TYPES] }),
		due: () => [{ key: 'ok' }],
		arrived: (items) => (items[0]?.json.ok === true ? ['ok'] : []),
		read({ items }, { messages, told }) {
			const checks = (items[0]?.json.checks ?? []) as unknown as Check[];
			for (const { name, ok, message, advice } of checks) {
				if (ok) continue;
				messages.push({ kind: 'error', text: `${name}: ${message}`, ...(advice ? { advice } : {}) });
				told.everything = true;
			}
		},
	},
];

/** Every operation of the action node. */
export const ACTION_SUBJECTS: readonly Subject[] = [...EVENTS, ...OTHERS.map(actionSubject)];
