/** Shared by all layers; `npm run test:<layer>` selects one by path. */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/**/*.test.mts'],
	moduleFileExtensions: ['mts', 'ts', 'mjs', 'js', 'cjs', 'json', 'node'],
	transform: {
		'^.+\\.m?tsx?$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
		// ESM-only development libraries, which jest has to see as CommonJS.
		'node_modules/@faker-js/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
	},
	transformIgnorePatterns: ['node_modules/(?!@faker-js/)', '<rootDir>/dist/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/package.json'],
	// The last one prints last: the counts alone on a line.
	reporters: ['default', '<rootDir>/scripts/closingLine.cjs'],
	// Against tests that hang: machines may be slow and busy.
	testTimeout: 180_000,
};
