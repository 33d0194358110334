/**
 * `npm run test:coverage`: how much of nodes/ and credentials/ the tests reach. n8n loads the package from dist/; here
 * it gets the sources instead, so that all tests count lines and branches of one and the same text.
 */
const base = require('./jest.config.cjs');

module.exports = {
	...base,
	testMatch: ['<rootDir>/test/(feed|transport|actions|trigger|engine)/**/*.test.mts'],
	// These take minutes, on ways that others have taken already.
	testPathIgnorePatterns: ['/test/trigger/(collector/(history|longRuns)|backlog)', '/quotaUse'],
	moduleNameMapper: { '/dist/((?:nodes|credentials)/.+)\\.js$': '<rootDir>/$1.ts' },
	collectCoverage: true,
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageDirectory: '.tmp/coverage',
	coverageReporters: ['text', 'json', 'json-summary'],
	coverageThreshold: { global: { lines: 95, branches: 90 } },
	// Counting slows the tests down.
	testTimeout: 4 * base.testTimeout,
};
