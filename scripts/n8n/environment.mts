import { delimiter, dirname } from 'node:path';

import { plainEnvironment } from './command.mts';

export interface EnvironmentOptions {
	userFolder: string;
	port: number;
	brokerPort: number;
	encryptionKey: string;
}

/**
 * Everything n8n reads from its environment: alone on loopback, in its own folder, silent towards the internet.
 * https://docs.n8n.io/hosting/configuration/environment-variables/
 */
export function n8nEnvironment(options: EnvironmentOptions): NodeJS.ProcessEnv {
	const inherited = Object.entries(plainEnvironment()).filter(
		// Settings of an n8n that this machine may run for real.
		([name]) =>
			!/^(N8N|DB|QUEUE|EXECUTIONS|NODES|WEBHOOK|GENERIC|CREDENTIALS|WORKFLOWS)_/.test(name),
	);
	return {
		...Object.fromEntries(inherited),
		// n8n starts its task runners with the first node on the PATH.
		PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
		HOME: options.userFolder,
		N8N_USER_FOLDER: options.userFolder,
		N8N_ENCRYPTION_KEY: options.encryptionKey,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(options.port),
		// The same for a worker of queue mode, which serves nothing but its health.
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(options.port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_ENABLED: 'true',
		N8N_RUNNERS_BROKER_PORT: String(options.brokerPort),
		N8N_PYTHON_ENABLED: 'false',
		N8N_SECURE_COOKIE: 'false',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_LOG_LEVEL: 'info',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		EXECUTIONS_DATA_SAVE_ON_ERROR: 'all',
		EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'true',
		EXECUTIONS_DATA_PRUNE: 'false',
		NO_COLOR: '1',
		NO_PROXY: '127.0.0.1,localhost',
		no_proxy: '127.0.0.1,localhost',
	};
}
