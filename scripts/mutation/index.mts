/**
 * `npm run test:mutation [-- FILE...]`: changes nodes/feed/ and nodes/transport/ (or the files named) in thousands of
 * small ways and looks whether a fast unit test notices. What is known from earlier runs is kept in .tmp/mutation/.
 * Exits with 0 only if at least {@link LEAST_SCORE} percent were noticed.
 */
import { Stryker } from '@stryker-mutator/core';
import { join } from 'node:path';

import { ROOT } from '../package.mts';
import { LEAST_SCORE, readReport, scoreOf, sumOf } from './report.mts';
import { printReport, writeSection } from './print.mts';

const paths = process.argv.slice(2);
process.chdir(ROOT);
await new Stryker({
	configFile: join('scripts', 'mutation', 'stryker.config.mjs'),
	...(paths.length ? { mutate: paths } : {}),
}).runMutationTest();

const files = readReport();
printReport(files, paths);
// A part says nothing about the whole.
if (paths.length === 0) writeSection(files);
if (scoreOf(sumOf(files)) < LEAST_SCORE) process.exitCode = 1;
