import { isErrorObject, parseBlob, parseJson, unusableEntries } from '../../nodes/feed/parseBlob';

const EVENT = { Id: 'a', CreationTime: '2026-02-07T16:43:53', Operation: 'New-Mailbox' };

describe('the body of a blob', () => {
	it('is a list of events', () => {
		expect(parseBlob(JSON.stringify([EVENT, { Id: 'b' }]))).toEqual({
			events: [EVENT, { Id: 'b' }],
			unusable: 0,
		});
	});

	it('may begin with a byte order mark', () => {
		expect(parseBlob(`\uFEFF${JSON.stringify([EVENT])}`).events).toEqual([EVENT]);
		expect(parseBlob(`\uFEFF${JSON.stringify(EVENT)}`).events).toEqual([EVENT]);
	});

	it('may be one event without a list', () => {
		expect(parseBlob(JSON.stringify(EVENT))).toEqual({ events: [EVENT], unusable: 0 });
	});

	it('may be an empty list', () => {
		expect(parseBlob('[]')).toEqual({ events: [], unusable: 0 });
	});

	it('keeps its events when nulls, texts, numbers and lists stand among them, and counts those', () => {
		expect(parseBlob(JSON.stringify([null, EVENT, 'x', 7, [EVENT], true]))).toEqual({
			events: [EVENT],
			unusable: 5,
		});
	});

	it('tells how many of its entries were left out, and that the others are there', () => {
		expect(unusableEntries(5)).toEqual({
			message: '5 of its entries are no audit records',
			advice: 'They were left out; its other entries are complete.',
		});
	});

	it('may hold strange values: CR LF, Hebrew, zero-width space, keys that differ by case, __proto__', () => {
		const text =
			'[{"Id":"a\\r\\n\u05d0\u200b\u2013","ID":1,"Client App":null,"__proto__":{"x":1}}]';
		const { events } = parseBlob(text);
		expect(JSON.stringify(events)).toBe(JSON.stringify(JSON.parse(text)));
		expect(({} as { x?: number }).x).toBeUndefined();
	});

	it.each([
		['empty', '', /empty body/],
		['blank', ' \r\n', /empty body/],
		['a byte order mark alone', '\uFEFF', /empty body/],
		['an HTML page', '<!DOCTYPE html><html>504</html>', /HTML page/],
		['text', 'Service unavailable', /text/],
		['an error object', '{"error":{"code":"AF50000","message":"x"}}', /no events/],
		['an error message', '{"Message":"An error has occurred."}', /no events/],
		['null', 'null', /no events/],
		['a list of other things', '[[[]],null,7,"x"]', /no events/],
		['a number', '7', /no events/],
		['a text in quotes', '"[]"', /no events/],
	])('that is %s is unreadable', (_, text, message) => {
		expect(() => parseBlob(text)).toThrow(
			expect.objectContaining({
				kind: 'unreadable',
				message: expect.stringMatching(message) as unknown,
			}),
		);
	});

	it('that was cut off anywhere is unreadable, never a shorter list', () => {
		const text = JSON.stringify(
			[EVENT, { Id: 'b', Parameters: [{ Name: 'x', Value: '}]' }] }],
			null,
			1,
		);
		for (let length = 1; length < text.length; length++) {
			expect(() => parseBlob(text.slice(0, length))).toThrow(
				expect.objectContaining({ kind: 'unreadable' }),
			);
		}
	});
});

describe('an error object', () => {
	it.each([{ error: {} }, { error: 'x' }, { Message: 'x' }, { message: 'x' }])(
		'is told by its keys: %j',
		(value) => {
			expect(isErrorObject(value)).toBe(true);
		},
	);

	it.each([
		{ Id: 'a', Message: 'a chat message' },
		{ RecordType: 25, error: 'x' },
		{ Operation: 'x', message: 'x' },
		{ contentType: 'Audit.General', status: 'enabled', webhook: null },
		{},
		[{ error: 1 }],
		null,
		'error',
	])('is no audit record that happens to have such a key: %j', (value) => {
		expect(isErrorObject(value)).toBe(false);
	});
});

describe('parseJson', () => {
	it('is undefined for what is no JSON', () => {
		expect(['', '{', 'x', '\uFEFF'].map(parseJson)).toEqual([
			undefined,
			undefined,
			undefined,
			undefined,
		]);
		expect(parseJson('\uFEFFnull')).toBeNull();
	});
});
