/** A jest reporter that ends the output with the counts, alone on a line: `123 passed, 0 failed`. */
module.exports = class ClosingLine {
	onRunComplete(_contexts, results) {
		const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = results;
		// A test file that could not even be loaded counts as one failure: it has no tests to count.
		const failed = numFailedTests + results.numRuntimeErrorTestSuites;
		const skipped = numPendingTests + numTodoTests;
		const line = `${numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
		// At the very end, because jest prints its own summary after every other reporter.
		process.once('exit', () => process.stdout.write(`${line}\n`));
	}
};
