import { FORBIDDEN, TOKEN_REFUSED } from '../../nodes/transport/errorCodes';
import { TEST_RULES } from '../../nodes/transport/testRules';

const sentences = new Map(TEST_RULES.map(({ properties }) => [properties.value, properties.message]));

describe('the credential’s test', () => {
	it('has a sentence for each status that the API answers with, by which n8n finds it', () => {
		expect([...sentences.keys()]).toEqual([400, 401, 403, 404, 429, 500, 502, 503, 504]);
		expect(new Set(TEST_RULES.map(({ type }) => type))).toEqual(new Set(['responseCode']));
	});

	it('says what the nodes say when the token or the permission is not good enough', () => {
		for (const [status, { message, advice }] of [[401, TOKEN_REFUSED], [403, FORBIDDEN]] as const) {
			expect(sentences.get(status)).toBe(`${message} (HTTP ${status}). ${advice}`);
		}
	});

	it.each([429, 500, 502, 503, 504])('says that the sign-in was good when it fails with %d', (status) => {
		expect(sentences.get(status)).toMatch(new RegExp(`^Signed in, but .*\\(HTTP ${status}\\)\\. Try again in`));
	});

	it('says which field to check', () => {
		expect(sentences.get(400)).toMatch(/Tenant ID.*auditing is on/);
		expect(sentences.get(404)).toMatch(/Cloud or API URL/);
	});
});

describe('a refusal without a code', () => {
	it('says which permission to grant, and where', () => {
		for (const { message, advice } of [TOKEN_REFUSED, FORBIDDEN]) {
			expect(message).toMatch(/^Microsoft \w+/);
			expect(advice).toMatch(/API permissions.*ActivityFeed\.Read .*admin consent/);
		}
		expect(TOKEN_REFUSED.advice).toMatch(/Cloud is the one your tenant is in/);
	});
});
