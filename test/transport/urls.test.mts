import fc from 'fast-check';

import { isContentId } from '../../nodes/feed/contentEntry';
import {
	contentIdOf,
	contentPath,
	feedUrl,
	nextPageUrl,
	windowQuery,
} from '../../nodes/transport/urls';

const TENANT = '11111111-2222-3333-4444-555555555555';
const PUBLISHER = '99999999-2222-3333-4444-555555555555';
const ENDPOINTS = {
	apiUrl: 'https://manage.office.com',
	loginUrl: 'https://login.microsoftonline.com',
	tenantId: TENANT,
	clientId: 'c',
	clientSecret: 's',
	publisherId: PUBLISHER,
};
const FEED = `https://manage.office.com/api/v1.0/${TENANT}/activity/feed/`;
const ID = '20200705152230936019353$20200705152411486034089$audit_exchange$Audit_Exchange$emea0036';

describe('an address of the feed', () => {
	it('is root, tenant, path and query, with PublisherIdentifier on every call and times unescaped', () => {
		const query = {
			contentType: 'Audit.General',
			...windowQuery({ startMs: 0, endMs: 86_400_999 }),
		};
		expect(feedUrl(ENDPOINTS, 'subscriptions/content', query)).toBe(
			`${FEED}subscriptions/content?contentType=Audit.General&startTime=1970-01-01T00:00:00&endTime=1970-01-02T00:00:00&PublisherIdentifier=${PUBLISHER}`,
		);
		expect(feedUrl(ENDPOINTS, contentPath(ID))).toBe(
			`${FEED}audit/${ID}?PublisherIdentifier=${PUBLISHER}`,
		);
	});

	it('escapes what a value could use to change the query', () => {
		const url = new URL(feedUrl(ENDPOINTS, 'x', { contentType: 'a&b=c#d?e f' }));
		expect(url.searchParams.get('contentType')).toBe('a&b=c#d?e f');
		expect([...url.searchParams.keys()]).toEqual(['contentType', 'PublisherIdentifier']);
	});

	it('keeps the $ of a contentId raw, since encoded it can answer AF20052', () => {
		expect(contentPath(ID)).toBe(`audit/${ID}`);
	});

	it('has every other contentId escaped, all but the $', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 8 }), (contentId) => {
				expect(contentPath(contentId)).toBe(`audit/${encodeURIComponent(contentId).replaceAll('%24', '$')}`);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('never leaves the folder of the blobs, whatever the contentId', () => {
		const tricks = fc.constantFrom(
			'../',
			'..\\',
			'%2e%2e/',
			'/',
			'\\',
			'?',
			'#',
			'@',
			':',
			'%',
			'$',
			'//evil.example/',
			';',
			'&',
		);
		const contentId = fc
			.array(fc.oneof(tricks, fc.stringMatching(/^[\x21-\x7e]$/)), { minLength: 1, maxLength: 12 })
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(contentId.filter(isContentId), (id) => {
				const url = new URL(feedUrl(ENDPOINTS, contentPath(id)));
				expect(url.origin).toBe(ENDPOINTS.apiUrl);
				const segments = url.pathname.split('/');
				expect(segments.slice(0, -1).join('/')).toBe(`/api/v1.0/${TENANT}/activity/feed/audit`);
				expect(decodeURIComponent(segments.at(-1)!)).toBe(id);
				expect([...url.searchParams]).toEqual([['PublisherIdentifier', PUBLISHER]]);
				expect(url.hash).toBe('');
			}),
			{ seed: 22, numRuns: 500 },
		);
	});
});

describe('the contentId of a contentUri', () => {
	it.each([
		['as Microsoft writes it', `${FEED}audit/${ID}`, ID],
		[
			'on http://localhost and another tenant',
			`http://localhost/api/v1.0/${PUBLISHER}/activity/feed/audit/${ID}`,
			ID,
		],
		[
			'with /api/v1/ and a query',
			`https://manage.office.com/api/v1/x/activity/feed/audit/${ID}?x=1#y`,
			ID,
		],
		['escaped', `${FEED}audit/${encodeURIComponent(ID)}`, ID],
	])('is found %s', (_, uri, id) => {
		expect(contentIdOf(uri)).toBe(id);
	});

	it.each([
		'',
		ID,
		'/activity/feed/audit/x',
		`${FEED}subscriptions/list`,
		`${FEED}audit/`,
		`${FEED}audit/a/b`,
		`${FEED}audit/%E0%A4%A`,
		'https://[',
	])('is undefined in %j', (uri) => {
		expect(contentIdOf(uri)).toBeUndefined();
	});
});

describe('a link to the next page', () => {
	const path = `/api/v1.0/${TENANT}/activity/feed/subscriptions/content`;
	const publisher = `PublisherIdentifier=${PUBLISHER}`;

	it('gets the PublisherIdentifier back that Microsoft leaves out', () => {
		expect(nextPageUrl(ENDPOINTS, `https://manage.office.com${path}?nextPage=abc`)).toBe(
			`https://manage.office.com${path}?nextPage=abc&${publisher}`,
		);
		expect(nextPageUrl(ENDPOINTS, `https://manage.office.com${path}`)).toBe(
			`https://manage.office.com${path}?${publisher}`,
		);
	});

	it('keeps one that is there, in any letter case', () => {
		for (const name of ['PublisherIdentifier', 'publisheridentifier']) {
			const link = `https://manage.office.com${path}?nextPage=abc&${name}=${PUBLISHER}`;
			expect(nextPageUrl(ENDPOINTS, link)).toBe(link);
		}
	});

	it.each([
		['/api/v1/ for /api/v1.0/', `/api/v1/${TENANT}/activity/feed/subscriptions/content?nextPage=a`],
		[
			'endtime for endTime',
			`${path}?contentType=Audit.General&startTime=2026-03-01T00:00:00&endtime=2026-03-02T00:00:00&nextPage=a%2Bb%3D%3D`,
		],
		['$ and escapes', `${path}?nextPage=a$b%24c%20d`],
		['the tenant in capitals', path.replace(TENANT, TENANT.toUpperCase())],
	])('keeps its own spelling: %s', (_, link) => {
		const url = nextPageUrl(ENDPOINTS, `https://manage.office.com${link}`);
		expect(url.startsWith(`https://manage.office.com${link}`)).toBe(true);
	});

	it('may be relative or name the usual port', () => {
		const expected = `https://manage.office.com${path}?a=1&${publisher}`;
		expect(nextPageUrl(ENDPOINTS, `${path}?a=1`)).toBe(expected);
		expect(nextPageUrl(ENDPOINTS, `HTTPS://MANAGE.office.com:443${path}?a=1#x`)).toBe(expected);
	});

	it.each([
		['another host', `https://evil.example${path}`],
		['a host that begins like ours', `https://manage.office.com.evil.example${path}`],
		['our host as user name', `https://manage.office.com@evil.example${path}`],
		['a user name on our host', `https://user@manage.office.com${path}`],
		['a password on our host', `https://:x@manage.office.com${path}`],
		['another port', `https://manage.office.com:8443${path}`],
		['plain http', `http://manage.office.com${path}`],
		['another scheme', `ftp://manage.office.com${path}`],
		['no scheme', `//evil.example${path}`],
		['a backslash for a slash', `https:\\\\evil.example${path}`],
		['localhost', `http://localhost${path}`],
		['another tenant', `https://manage.office.com${path.replace(TENANT, PUBLISHER)}`],
		[
			'a way out of the tenant',
			`https://manage.office.com/api/v1.0/${TENANT}/activity/feed/subscriptions/../../../../${PUBLISHER}/activity/feed/subscriptions/content`,
		],
		[
			'an escaped way out',
			`https://manage.office.com/api/v1.0/${TENANT}/activity/feed/subscriptions/%2e%2e/%2E%2e/x`,
		],
		[
			'another part of the API',
			`https://manage.office.com/api/v1.0/${TENANT}/ServiceComms/Messages`,
		],
		[
			'another version',
			`https://manage.office.com/api/v2.0/${TENANT}/activity/feed/subscriptions/content`,
		],
		['the tenant in the query only', `https://manage.office.com/?x=${path}`],
		['script', 'javascript:alert(1)'],
		['nothing readable', 'https://['],
		['nothing', ''],
	])('is refused, so that the window is listed again: %s', (_, link) => {
		expect(() => nextPageUrl(ENDPOINTS, link)).toThrow(
			expect.objectContaining({ kind: 'stalePage' }),
		);
	});

	it('is not repeated in the refusal', () => {
		const message = expect.not.stringMatching(/evil|token=/) as unknown;
		expect(() => nextPageUrl(ENDPOINTS, 'https://evil.example/?token=x')).toThrow(
			expect.objectContaining({ message }),
		);
	});
});

describe('a refused link to the next page', () => {
	it('is told in words for the user', () => {
		expect(() => nextPageUrl(ENDPOINTS, 'https://evil.example/')).toThrow(
			expect.objectContaining({
				message:
					'Microsoft’s link to the next page of the content list leads to another host or tenant, so it was not followed',
				advice: 'Try again in a few minutes. If it stays, report it to Microsoft’s support.',
			}),
		);
	});

	it('is one that has the right path further back', () => {
		const right = `/api/v1.0/${ENDPOINTS.tenantId}/activity/feed/subscriptions/content`;
		expect(() => nextPageUrl(ENDPOINTS, `/x${right}`)).toThrow('was not followed');
		expect(nextPageUrl(ENDPOINTS, right)).toContain(right);
	});
});
