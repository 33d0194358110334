import type { Moment, MomentName, Scene } from './types.mts';

const FEED = /\/activity\/feed\//;

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Requests for one blob. */
const blobPath = (contentId: string) =>
	new RegExp(`/audit/${escaped(encodeURIComponent(contentId).replaceAll('%24', '$'))}(\\?|$)`);

/** When a fault strikes. The last two are not tied to a kind of request. */
export const MOMENTS: readonly Moment[] = [
	{
		name: 'token call',
		about: 'the request for a token',
		where: 'everything: each needs a token',
		requests: () => ({ path: /\/oauth2\// }),
	},
	{
		name: 'first call',
		about: 'the first request to the API',
		where: 'where it is neither a listing, nor a blob, nor a change, which are moments of their own',
		requests: () => ({ path: FEED }),
	},
	{
		name: 'change call',
		about: 'the start or stop of a subscription',
		where: 'Subscription > Start and Stop: nothing else changes anything here',
		requests: () => ({ path: /\/subscriptions\/(start|stop)\?/ }),
	},
	{
		name: 'listing',
		about: 'the first page of a listing',
		where: 'what lists content or notifications; the other lists have one page and are a first call',
		requests: () => ({ path: /\/subscriptions\/(content|notifications)\?(?!.*nextPage=)/ }),
	},
	{
		name: 'page n',
		about: 'the third page of a listing',
		where: 'the same',
		requests: () => ({ path: /[?&]nextPage=\d+R\d+P2\b/ }),
	},
	{
		name: 'blob n',
		about: 'a blob in the middle',
		where: 'what downloads blobs; “fetch test event” reads the newest only, references are handed out unread',
		requests: ({ middleBlob }: Scene) => ({ path: blobPath(middleBlob.contentId) }),
		blob: ({ middleBlob }: Scene) => middleBlob,
	},
	{
		name: 'last blob',
		about: 'the newest blob',
		where: 'the same, and “fetch test event”; Content > Get reads one blob',
		requests: ({ lastBlob }: Scene) => ({ path: blobPath(lastBlob.contentId) }),
		blob: ({ lastBlob }: Scene) => lastBlob,
	},
	{
		name: 'while emitting',
		about: 'the first request after the trigger has begun to hand events over',
		where: 'the trigger with events; an operation hands everything over at its end, and references need no request in between',
		requests: () => ({ path: FEED }),
		onEmission: true,
	},
	{ name: 'throughout', about: 'a property of the tenant, from the start on', where: 'everything' },
];

export const momentNamed = (name: MomentName): Moment =>
	MOMENTS.find((moment) => moment.name === name) as Moment;
