import type { Faults } from '../../../simulator/faults.mts';
import { NO_FAULTS } from '../../../simulator/faults.mts';
import { CONTENT_ID_TRICKS } from '../../../simulator/hostileContentId.mts';
import { HOUR, MINUTE, type StageOptions } from '../../../test/engine/support/stage.mts';
import type { Fault, Subject } from '../types.mts';

const lists = ({ moments }: Subject) => moments.includes('listing');

/** A property of the tenant from the start on; lifted by setting the named faults back. */
function tenant(name: string, faults: Partial<Faults>, more: Partial<Fault> = {}): Fault {
	return {
		name,
		target: 'tenant',
		durations: ['lasting'],
		covers: Object.keys(faults),
		options: { faults },
		begin({ stage }) {
			const names = Object.keys(faults) as Array<keyof Faults>;
			const before = Object.fromEntries(names.map((each) => [each, NO_FAULTS[each]]));
			return { lift: () => void Object.assign(stage.sim.faults, before) };
		},
		...more,
	};
}

/** Of content and listings: where nothing is listed or read, there is nothing to be seen of it. */
const listing = (name: string, faults: Partial<Faults>, more: Partial<Fault> = {}): Fault =>
	tenant(name, faults, { only: lists, ...more });

const redirects = (name: string, faults: Partial<Faults>): Fault =>
	tenant(name, { redirectStatus: 302, redirectPath: '/activity/feed/', ...faults });

const odd = (options: StageOptions): Partial<Fault> => ({ options });

const LISTING: readonly Fault[] = [
	listing('entries out of order, within one millisecond', { unordered: true, sameMillisecond: 1 }),
	listing('entries listed twice', { duplicateEntries: 1 }),
	listing('entries that are none', { garbageEntries: 0.7 }),
	listing('entries that have expired', { expiredEntries: 0.5 }, { permanent: true }),
	listing('expiration after 20 days', { expirationDays: 20 }),
	listing('more than 24 hours: partial results', { longRange: 'partial' }),
	listing('too old: AF20030', { oldRange: 'AF20030' }),
	listing('contentUri on localhost', { contentUri: 'localhost' }),
	listing('contentUri on a foreign host', { contentUri: 'foreign' }),
	listing('next page: another header and spelling', {
		nextPageHeader: 'nextpageurl',
		nextPageVersion: 'v1.0',
		nextPageEndTime: 'endtime',
		nextPagePublisher: true,
		nextPageEmpty: true,
	}),
	listing('next page: stale links', { nextPageStale: 2 }),
	listing('next page: stale for ever', { nextPageStale: Infinity }),
	listing('next page: a loop', { nextPageLoop: true }),
	listing('next page: a foreign host', { nextPageHost: 'foreign' }),
	listing('empty pages first', { emptyPages: 3 }),
	listing('10,000 pages', { emptyPages: 10_000 }, {
		durations: ['once'],
		isLong: true,
		only: ({ name }) => ['Content > Get Many', 'Trigger: poll (reference)'].includes(name),
	}),
	listing('one entry a page', { pageSize: 1 }),
	listing('duplicate contentIds with other content', { sharedContentIds: 0.5 }, {
		oneOfThoseWithOneId: true,
		// Each notification is an entry of its own.
		only: (subject) => lists(subject) && subject.name !== 'Notification > Get Many',
	}),
	...CONTENT_ID_TRICKS.map((trick) =>
		listing(`contentId: ${trick}`, { hostileContentIds: 1, contentIdTrick: trick }, { permanent: true }),
	),
];

const EVENTS: readonly Fault[] = [
	listing('duplicate events', { duplicateEvents: 0.5 }),
	listing('events without Id', { eventsWithoutId: 0.5 }),
	listing('awkward and unknown events', { awkwardEvents: 1, unknownRecordTypes: 1 }),
	listing('events of 17 KB and more', { hugeEvents: 1 }),
	listing('events with __proto__, NUL, lone surrogates, 2^53', { hostileEvents: 1 }),
	listing('events 10,000 deep', { deepEvents: 0.5 }),
];

const TENANT: readonly Fault[] = [
	tenant('tokens that live a second', { tokenLifeSeconds: 1 }),
	tenant('one content type refused', { refusedContentTypes: ['Audit.Exchange'], missingRoleStatus: 403 }, { only: lists }),
	tenant('subscriptions listed without status', { subscriptionListShape: 'withoutStatus' }),
	tenant('one start in 15 minutes for the tenant', { startThrottle: 'tenant', startThrottleStatus: 429 }),
	tenant('a third of all requests throttled', { throttledRequests: 0.3, throttleStatus: 403 }),
	tenant('a third of all requests 5xx', { internalErrors: 0.3 }),
	tenant('a third of all connections reset', { resets: 0.3 }),
	tenant("server's clock 3 hours ahead", { serverClockAheadMs: 3 * HOUR }),
	tenant("server's clock 3 hours behind", { serverClockAheadMs: -3 * HOUR }),
	tenant("server's clock 10 minutes ahead", { serverClockAheadMs: 10 * MINUTE }),
	tenant("server's clock 10 minutes behind", { serverClockAheadMs: -10 * MINUTE }),
	redirects('a chain of 30 redirects', { redirectTo: 'chain' }),
	redirects('redirects without end', { redirectTo: 'loop', redirectStatus: 308 }),
	redirects('everything redirected to another host', { redirectTo: 'foreign', redirectStatus: 307 }),
	{
		name: 'a quota of 10 requests a minute',
		target: 'tenant',
		durations: ['lasting'],
		...odd({ quota: { requests: 10, perMs: MINUTE } }),
	},
	{
		name: 'auditing off',
		target: 'tenant',
		durations: ['lasting'],
		permanent: true,
		...odd({ auditingOff: true }),
	},
	{
		name: 'no subscription',
		target: 'tenant',
		durations: ['lasting'],
		permanent: true,
		...odd({ subscriptions: 'missing' }),
	},
];

/** What is odd about the whole tenant. */
export const TENANT_FAULTS: readonly Fault[] = [...LISTING, ...EVENTS, ...TENANT];
