import { runCommand } from '../../scripts/n8n/command.mts';
import { ROOT } from '../../scripts/package.mts';

/** What is measured: the commit, and whether the product was changed since. */
export async function commit(): Promise<string> {
	const git = async (...args: string[]) => (await runCommand('git', args, { cwd: ROOT })).trim();
	const dirty = (await git('status', '--porcelain', 'nodes', 'credentials')) !== '';
	return `${await git('rev-parse', '--short', 'HEAD')}${dirty ? ' with changes' : ''}`;
}
