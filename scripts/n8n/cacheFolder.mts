import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where everything lives that is worth keeping between runs and between checkouts.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(): string {
	const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
	return join(base, 'n8n-nodes-office365-management');
}
