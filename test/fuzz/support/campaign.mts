import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
import { inspect } from 'node:util';

import fc from 'fast-check';

/** `npm run test:fuzz` sets these (scripts/fuzz.mts); without them the inputs are the same at every run. */
const SEED = Number(process.env.FUZZ_SEED ?? 20261125);
const FACTOR = Number(process.env.FUZZ_FACTOR ?? 1);
const REPORT = process.env.FUZZ_REPORT;

/** One input must not take longer, in milliseconds of CPU: most take less than one. */
const MAX_CPU_MS = 5_000;

const MAX_SHOWN = 3_000;

/**
 * A test that a rule holds for random inputs.
 *
 * @param inputs how many in CI; a long run takes more
 * @param arbitrary is asked when the test runs, so that it may be made of what `beforeAll` fetched
 * @param check throws where the rule is broken
 */
export function fuzz<T>(
	rule: string,
	inputs: number,
	arbitrary: () => fc.Arbitrary<T>,
	check: (input: T) => void | Promise<void>,
): void {
	it(
		rule,
		async () => {
			let tried = 0;
			const property = fc.asyncProperty(arbitrary(), async (input) => {
				tried++;
				const before = process.cpuUsage();
				await check(input);
				const cpuMs = process.cpuUsage(before).user / 1_000;
				if (cpuMs > MAX_CPU_MS) throw new Error(`It took ${Math.round(cpuMs)} ms of CPU`);
			});
			const found = await fc.check(property, { numRuns: Math.ceil(inputs * FACTOR), seed: SEED });
			const subject = basename(expect.getState().testPath ?? '', '.test.mts');
			if (REPORT) appendFileSync(REPORT, `${JSON.stringify({ subject, rule, tried })}\n`);
			if (!found.failed) return;
			const input = inspect(readable(found.counterexample?.[0]), { depth: 12 }).slice(0, MAX_SHOWN);
			const reason = found.errorInstance instanceof Error ? found.errorInstance.stack : String(found.errorInstance);
			throw new Error(`FUZZ_SEED=${SEED}, path ${found.counterexamplePath}, input\n${input}\n\n${reason?.slice(0, MAX_SHOWN)}`);
		},
		900_000,
	);
}

/** Bytes as text. */
function readable(value: unknown): unknown {
	if (Buffer.isBuffer(value)) return `bytes ${JSON.stringify(value.toString('latin1'))}`;
	return Array.isArray(value) ? value.map(readable) : value;
}
