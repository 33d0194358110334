import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ROOT } from '../../scripts/package.mts';

/** `[redact](test/transport/redact.test.mts) “holds no part of a token”`: a test, by its file and its name. */
const REFERENCE = /\]\(([^)\s]+\.mts)\) “([^”]+)”/g;

const LINK = /\]\((?!https?:|#)([^)#\s]+)/g;

describe.each(['SECURITY.md', 'docs/reliability.md'])('%s', (document) => {
	const text = readFileSync(join(ROOT, document), 'utf8');
	const folder = dirname(join(ROOT, document));

	it('names only tests that exist', () => {
		const references = [...text.matchAll(REFERENCE)].map(([, file = '', name = '']) => ({
			file,
			name,
		}));
		expect(references.length).toBeGreaterThan(0);
		const wrong = references.filter(({ file, name }) => {
			const path = join(folder, file);
			return !existsSync(path) || !readFileSync(path, 'utf8').includes(name);
		});
		expect(wrong).toEqual([]);
	});

	it('links only to files that exist', () => {
		const links = [...text.matchAll(LINK)].map(([, file = '']) => file);
		expect(links.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
	});
});
