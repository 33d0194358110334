import { attempt } from '../../nodes/feed/attempt';
import { FATAL_KINDS, FeedFailure, LASTING_KINDS, type FailureDetails } from '../../nodes/feed/failure';
import { originOf } from '../../nodes/feed/origin';

const DETAILS: FailureDetails = {
	kind: 'throttled',
	message: 'Too much',
	advice: 'Wait',
	code: 'AF429',
	status: 403,
	duringSignIn: true,
	retryAfterMs: 7,
};

describe('a failure of the feed', () => {
	it('is an error that carries what decides what happens next', () => {
		const failure = new FeedFailure(DETAILS);
		expect(failure).toBeInstanceOf(Error);
		expect(failure).toMatchObject({ ...DETAILS, name: 'FeedFailure' });
	});

	it('holds for a content type, or for everything, or for one request only', () => {
		expect([...LASTING_KINDS]).toEqual(['permission', 'noSubscription', 'auditingOff']);
		expect([...FATAL_KINDS]).toEqual(['cancelled', 'signIn']);
	});
});

describe('an attempt', () => {
	it('ends with a value, or with a failure of the feed as one', async () => {
		const failure = new FeedFailure(DETAILS);
		expect(await attempt(async () => await Promise.resolve(1))).toEqual({ ok: true, value: 1 });
		const failed = await attempt(async () => await Promise.reject(failure));
		expect(failed).toEqual({ ok: false, failure });
	});

	it('does not hide a fault of the program', async () => {
		const fault = new TypeError('x is not a function');
		await expect(attempt(async () => await Promise.reject(fault))).rejects.toBe(fault);
	});
});

describe('where an event came from', () => {
	const blob = { contentType: 'DLP.All', contentId: 'a', contentCreated: '2026-03-10', createdMs: 1 } as const;

	it('is the part of the blob that Microsoft sent', () => {
		const { createdMs: _, ...seen } = blob;
		expect(Object.entries(originOf(blob))).toEqual(Object.entries(seen));
		expect(originOf({ ...blob, contentExpiration: '2026-03-17', expiresMs: 2 })).toEqual({
			...seen,
			contentExpiration: '2026-03-17',
		});
	});

	it('is a new object each time, because items are changed in place', () => {
		expect(originOf(blob)).not.toBe(originOf(blob));
	});
});
