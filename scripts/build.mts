/** Builds the package for the tests, unless `dist/` already is what the sources give: several of them run one after the other. */
import { buildPackage } from './package.mts';

try {
	if (!(await buildPackage())) process.stdout.write('  is built already\n');
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
}
