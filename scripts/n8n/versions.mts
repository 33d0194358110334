/** What it takes to install and run one n8n version. */
export interface N8nVersion {
	version: string;
	/** Replaces dependencies that cannot be installed from the npm registry. */
	overrides?: Record<string, string>;
	/** Measured on Linux with npm 11: the installed folder, without npm's own cache. */
	sizeGb: number;
	/** Environment variables that only this version knows. */
	environment?: NodeJS.ProcessEnv;
}

/** The main target; its own `engines` ask for Node >= 24. */
export const N8N_2: N8nVersion = {
	version: '2.40.7',
	sizeGb: 3.0,
	// The modules that would call n8n's own servers.
	environment: { N8N_DISABLED_MODULES: 'mcp-registry,instance-reporting' },
};

/** The 1.x line. It depends on a tarball of `xlsx` outside the registry, hence the override. */
export const N8N_1: N8nVersion = {
	version: '1.123.81',
	overrides: { xlsx: '0.18.5' },
	sizeGb: 1.8,
};

/**
 * The version under test: what `N8N_VERSION` names, else the main target.
 *
 * @throws Error naming those that are known
 */
export function chosenVersion(name = process.env['N8N_VERSION']): N8nVersion {
	const versions = [N8N_2, N8N_1];
	const found = name ? versions.find(({ version }) => version === name) : N8N_2;
	if (found) return found;
	const known = versions.map(({ version }) => version).join(' or ');
	throw new Error(`N8N_VERSION takes ${known}, not "${name}"`);
}
