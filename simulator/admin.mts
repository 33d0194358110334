import type { FastifyInstance } from 'fastify';
import type { Context } from './context.mts';
import { applyState } from './adminState.mts';

/** What other processes (a demo, a test in a real n8n) steer and ask the simulator with. Not part of Microsoft's API. */
export function addAdminRoutes(app: FastifyInstance, context: Context, url: () => string): void {
	const { ledger, tenant, feed } = context;

	app.get('/_simulator/health', async () => ({
		ok: true,
		now: new Date(context.clock.now()).toISOString(),
	}));

	app.get('/_simulator/tenant', async () => ({
		tenantId: tenant.tenantId,
		clientId: tenant.clientId,
		clientSecret: tenant.clientSecret,
		cloud: 'custom',
		apiUrl: url(),
		loginUrl: url(),
	}));

	app.get('/_simulator/ledger', async (request) => {
		const { deduplicate } = request.query as { deduplicate?: string };
		const options = { deduplicate: deduplicate !== 'false' };
		return {
			verdict: ledger.verdict(options),
			summary: ledger.summary(options),
			counts: {
				blobs: feed.blobs.length,
				requests: ledger.requests,
				tokenRequests: ledger.tokenRequests,
				tokensIssued: ledger.tokensIssued,
				throttled: ledger.throttled,
				foreignRequests: ledger.foreignRequests,
				foreignRequestsWithToken: ledger.foreignRequestsWithToken,
				peakRequestsPerMinute: ledger.peakRequestsPerMinute,
				peakRequestsPerSecond: ledger.peakRequestsPerSecond,
			},
			servedByContentType: servedByContentType(context),
			blobs: [...ledger.blobs.values()],
		};
	});

	app.post('/_simulator/delivered', { bodyLimit: 1024 ** 3 }, async (request) => {
		const items = readItems(String(request.body ?? ''));
		ledger.recordDelivered(items);
		return { received: items.length };
	});

	app.post('/_simulator/state', async (request, reply) => {
		try {
			return applyState(context, JSON.parse(String(request.body ?? '{}')));
		} catch (error) {
			return reply.code(400).send({ error: (error as Error).message });
		}
	});
}

function servedByContentType({ ledger }: Context): Record<string, number> {
	const served: Record<string, number> = {};
	for (const blob of ledger.blobs.values()) {
		if (blob.fetched > 0) served[blob.contentType] = (served[blob.contentType] ?? 0) + blob.events;
	}
	return served;
}

/** A JSON array, one JSON object, or NDJSON. */
function readItems(body: string): unknown[] {
	const text = body.trim();
	if (text === '') return [];
	if (text.startsWith('[')) return JSON.parse(text) as unknown[];
	return text
		.split('\n')
		.filter((line) => line.trim() !== '')
		.map((line) => JSON.parse(line) as unknown);
}
