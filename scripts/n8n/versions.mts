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
