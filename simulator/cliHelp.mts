import { FAULT_DESCRIPTIONS } from './faultDescriptions.mts';
import { NO_FAULTS } from './faults.mts';
import type { Faults } from './faults.mts';
import { SCENARIO_NAMES, SCENARIOS } from './scenarios.mts';

/** What `npm run simulator -- --help` prints. */
export function helpText(): string {
	const scenarios = SCENARIO_NAMES.map(
		(name) => `  ${name.padEnd(14)} ${SCENARIOS[name].description}`,
	);
	const faults = Object.entries(FAULT_DESCRIPTIONS).map(
		([name, text]) =>
			`  ${name.padEnd(22)} ${JSON.stringify(NO_FAULTS[name as keyof Faults]).padEnd(14)} ${text}`,
	);
	return `A simulated Microsoft 365 tenant on this machine: Microsoft Entra ID's token endpoint and the
Office 365 Management Activity API, for developing and testing. It listens on loopback only.

Usage: npm run simulator -- [options]

Data
  --scenario NAME,NAME   one or several of the scenarios below (default: quiet)
  --seed N               everything generated follows from it (default: 1)
  --blobs N              content blobs in the backlog, over all content types
  --events-per-blob N    how many events a blob holds on average
  --days N               how far the backlog goes back (default: 7)
  --events FILE          serve these audit records (NDJSON, one a line, byte for byte) instead of generated ones
  --new-blobs SECONDS    a new blob that often, as time goes on

Server
  --port N               default: a free one
  --host NAME            127.0.0.1 (default), ::1 or localhost
  --tls                  HTTPS with a certificate authority made at the start; its certificate is written to --ca-file
  --ca-file FILE         default: simulator-ca.pem in the temporary folder
  --quota N              requests a minute and publisher (default: 2000; 0: no limit)
  --latency MEAN,JITTER  milliseconds that each answer takes

Tenant
  --tenant GUID, --client-id GUID, --client-secret TEXT   default: made from the seed
  --roles ROLE,ROLE      granted application permissions
  --subscriptions STATE  enabled (default), disabled or missing
  --fault NAME=VALUE     one fault of those below; can be repeated

  --quiet                no line per request
  --help

Scenarios
${scenarios.join('\n')}

Faults, with their values without a scenario. A number below 1 is a fraction (of blobs, entries, events or
requests); a blob has at most one of the blob faults. "Infinity" works wherever a number of times is meant.
${faults.join('\n')}

Examples
  npm run simulator
  npm run simulator -- --scenario busy,quirky,broken --port 8365
  npm run simulator -- --events my-audit-log.ndjson --latency 120,40
  npm run simulator -- --fault blobStall=0.1 --fault blobFailures=Infinity --quota 100
  npm run simulator -- --tls --scenario hostile

Called by hand (with --port 8365, T, C and S being the three values it prints at the start)
  curl -d grant_type=client_credentials -d client_id=C -d client_secret=S \\
    -d scope=http://127.0.0.1:8365/.default http://127.0.0.1:8365/T/oauth2/v2.0/token
  curl -H 'Authorization: Bearer TOKEN' \\
    'http://127.0.0.1:8365/api/v1.0/T/activity/feed/subscriptions/content?contentType=Audit.Exchange&PublisherIdentifier=T'
  curl -H 'Authorization: Bearer TOKEN' CONTENT_URI?PublisherIdentifier=T

While it runs
  GET  /_simulator/tenant      the values for the credential
  GET  /_simulator/ledger      what was listed, fetched, served, delivered, and the verdict
  POST /_simulator/delivered   hand in what your client delivered (JSON array or NDJSON)
  POST /_simulator/state       change roles, secret, auditing, subscriptions, faults: {"faults":{"resets":0.1}}
  GET  /_simulator/health
Ctrl-C ends it and prints the ledger.
`;
}
