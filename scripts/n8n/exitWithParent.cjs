/**
 * Preloaded into n8n: when the process that started it is gone, however it ended (Ctrl-C, a killed test runner), n8n,
 * its task runners and its temporary folder go as well.
 */
const { rmSync } = require('node:fs');

const parent = process.ppid;
const folder = process.env.N8N_USER_FOLDER;
const ownsProcessGroup = process.env.N8N_STARTED_BY === String(parent);
const CHECK_MS = 1_000;

function leave() {
	if (process.ppid === parent) return;
	rmSync(folder, { recursive: true, force: true });
	process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}

// Task runners inherit nothing of this: n8n builds their environment and arguments anew.
if (ownsProcessGroup) setInterval(leave, CHECK_MS).unref();
