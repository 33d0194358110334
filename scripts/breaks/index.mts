/**
 * `npm run test:breaks [-- parts of rules' names or of their tests' paths]`: breaks one rule of the trigger at a time, in a
 * copy of the sources, and runs the test that has to notice it. Exits 1 if a break goes unnoticed: then the tests guard less
 * than they seem to.
 */
import { HISTORIES, type Break } from './break.mts';
import { createCopy, type Copy } from './copy.mts';
import { BREAKS } from './rules/index.mts';

const print = (text: string) => process.stdout.write(`${text}\n`);

const testOf = ({ noticedBy = HISTORIES }: Break) => noticedBy;

async function main(): Promise<void> {
	const breaks = selected(process.argv.slice(2));
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
	const copy = createCopy(stop.signal);
	try {
		await checkUnbroken(copy, breaks);
		let unnoticed = 0;
		for (const [index, each] of breaks.entries()) {
			if (!(await isNoticed(copy, each, `${index + 1}/${breaks.length}`))) unnoticed++;
		}
		print(`\n${breaks.length - unnoticed} of ${breaks.length} breaks noticed`);
		process.exitCode = unnoticed > 0 ? 1 : 0;
	} finally {
		copy.remove();
	}
}

function selected(parts: string[]): Break[] {
	const names = (each: Break) => `${each.rule} ${testOf(each)}`.toLowerCase();
	const isWanted = (each: Break) => parts.some((part) => names(each).includes(part.toLowerCase()));
	const breaks = parts.length === 0 ? BREAKS : BREAKS.filter(isWanted);
	if (breaks.length === 0) throw new Error(`No rule and no test has ${parts.join(' or ')} in its name`);
	return breaks;
}

/** Tests that fail anyway would notice everything. */
async function checkUnbroken({ runTests }: Copy, breaks: Break[]): Promise<void> {
	for (const test of new Set(breaks.map(testOf))) {
		const verdict = await runTests(test);
		if (verdict.kind !== 'passed') throw new Error(`${test} fails without a break: ${JSON.stringify(verdict)}`);
		print(`unbroken   ${test} passes`);
	}
}

async function isNoticed({ runTests, apply }: Copy, each: Break, progress: string): Promise<boolean> {
	const startedMs = Date.now();
	const mend = apply(each);
	const verdict = await runTests(testOf(each));
	mend();
	const noticed = verdict.kind === 'noticed';
	print(
		`\n${noticed ? 'noticed  ' : 'UNNOTICED'}  ${progress}  ${each.rule}  (${Math.round((Date.now() - startedMs) / 1000)} s)`,
	);
	const by = testOf(each) === HISTORIES ? 'histories' : testOf(each);
	if (verdict.kind === 'noticed') print(`           ${by}: ${verdict.by}`);
	else if (verdict.kind === 'passed') print(`           ${by} still pass; broken in ${each.file}`);
	else print(`           ${by}: no assertion failed, but ${verdict.why}`);
	return noticed;
}

await main().catch((error: Error) => {
	print(error.message);
	process.exitCode = 1;
});
