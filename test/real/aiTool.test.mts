import { join } from 'node:path';

import { waitForExecution } from '../../scripts/n8n/executions.mts';
import { parseFlatted } from '../../scripts/n8n/flatted.mts';
import { importWorkflow, readWorkflow, useCredential } from '../../scripts/n8n/workflows.mts';
import type { StoredWorkflow } from '../../scripts/n8n/workflows.mts';
import { ROOT } from '../../scripts/package.mts';
import { PACKAGE_NAME } from '../../scripts/simulatedTenant.mts';
import { connectN8n } from './support/connectN8n.mts';
import type { ConnectedN8n } from './support/connectN8n.mts';
import { START_TIMEOUT_MS } from './support/realN8n.mts';

const SEARCH = 'Search Audit Log';
const CHECK = 'Check Setup';
/** A model's context is small; this is what one answer may take of it. */
const SMALL_ANSWER_BYTES = 40_000;

interface ToolRun {
	data?: { ai_tool?: Array<Array<{ json: { response?: Array<Record<string, unknown>> } }>> };
	error?: { message: string };
}

describe('The action node as a tool of n8n’s AI Agent, called the way a model calls it', () => {
	let connected: ConnectedN8n;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		connected = await connectN8n();
		const file = await readWorkflow(join(ROOT, 'examples', 'ask-the-audit-log.json'));
		const wired = useCredential(file, connected.credential, PACKAGE_NAME);
		workflow = await importWorkflow(connected.n8n.session, wired);
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await connected?.close();
	});

	/** "Execute step" on a tool: n8n runs it with the arguments a model would have chosen. */
	async function call(tool: string, args: Record<string, unknown>): Promise<ToolRun> {
		const { session } = connected.n8n;
		const { executionId } = await session.post<{ executionId: string }>(
			`/workflows/${workflow.id}/run`,
			{
				workflowData: workflow,
				destinationNode: { nodeName: tool, mode: 'inclusive' },
				agentRequest: { query: { [tool.replaceAll(' ', '_')]: args }, tool: { name: '' } },
			},
		);
		const { stored } = await waitForExecution(session, workflow, executionId);
		const { resultData } = parseFlatted(stored) as {
			resultData: { runData: Record<string, ToolRun[]> };
		};
		const run = resultData.runData[tool]?.[0];
		if (!run) throw new Error(`${tool} was not run`);
		return run;
	}

	const answerOf = (run: ToolRun) => run.data?.ai_tool?.[0]?.[0]?.json.response ?? [];

	it('answers a search with few events in their short form', async () => {
		const events = answerOf(await call(SEARCH, { hours: 160, limit: 5 }));
		expect(events).toHaveLength(5);
		for (const event of events) {
			expect(event).toMatchObject({ CreationTime: expect.stringMatching(/Z$/) });
			expect(Object.keys(event).length).toBeLessThanOrEqual(12);
		}
	});

	it('keeps to a small answer when the model asks for as much as the example allows', async () => {
		const events = answerOf(await call(SEARCH, { hours: 168, limit: 50 }));
		expect(events.length).toBeGreaterThan(20);
		expect(JSON.stringify(events).length).toBeLessThan(SMALL_ANSWER_BYTES);
	});

	it('takes filters from the model, as one text each', async () => {
		const all = answerOf(await call(SEARCH, { hours: 168, limit: 50 }));
		const wanted = String(all.find(({ Operation }) => Operation)?.Operation);
		const some = answerOf(await call(SEARCH, { hours: 168, limit: 50, operations: wanted }));
		expect(some.length).toBeGreaterThan(0);
		expect(new Set(some.map(({ Operation }) => Operation))).toEqual(new Set([wanted]));
	});

	it('tells the model what is wrong with its arguments, and what to do', async () => {
		const run = await call(SEARCH, { hours: 1_000, limit: 5 });
		expect(run.error?.message).toMatch(/7 days/);
	});

	it('checks the setup without any argument', async () => {
		const [check] = answerOf(await call(CHECK, {}));
		expect(check).toMatchObject({ ok: true });
	});
});
