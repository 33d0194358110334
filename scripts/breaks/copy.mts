import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import ts from 'typescript';

import { broken, type Break } from './break.mts';
import type { Verdict } from './judge.mts';
import { runTests } from './runTests.mts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What the tests need; `dist/` for those that run in n8n's engine. */
const PARTS = ['credentials', 'dist', 'nodes', 'scripts', 'simulator', 'test', 'jest.config.cjs', 'package.json'];

/** A copy of the sources in which rules are broken, so that nobody finds them broken in the checkout. */
export interface Copy {
	/** Runs one test file. */
	runTests(testFile: string): Promise<Verdict>;
	/** Breaks a rule, in the source and in what is built of it; the function it returns mends it again. */
	apply(rule: Break): () => void;
	remove(): void;
}

export function createCopy(stop: AbortSignal): Copy {
	const dir = mkdtempSync(join(tmpdir(), 'breaks-'));
	for (const part of PARTS) cpSync(join(ROOT, part), join(dir, part), { recursive: true });
	symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
	return {
		runTests: async (testFile) => await runTests(dir, testFile, stop),
		apply(rule) {
			const path = join(dir, rule.file);
			const original = readFileSync(path, 'utf8');
			write(path, broken(rule, original));
			return () => write(path, original);
		},
		remove: () => rmSync(dir, { recursive: true, force: true }),
	};

	function write(path: string, source: string): void {
		writeFileSync(path, source);
		const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
		const { outputText } = ts.transpileModule(source, { compilerOptions });
		writeFileSync(join(dir, 'dist', path.slice(dir.length)).replace(/\.ts$/, '.js'), outputText);
	}
}
