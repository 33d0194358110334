import { join } from 'node:path';

import { FETCH_ALL, FETCH_NODE, fetchWorkflow } from '../../../scripts/fetchWorkflow.mts';
import { testCredential } from '../../../scripts/n8n/credentials.mts';
import type { StoredCredential } from '../../../scripts/n8n/credentials.mts';
import { runWorkflow, waitForExecution } from '../../../scripts/n8n/executions.mts';
import { importWorkflow, readWorkflow, useCredential } from '../../../scripts/n8n/workflows.mts';
import { ROOT } from '../../../scripts/package.mts';
import { secretNeedles } from '../../../scripts/secrets/forms.mts';
import { searchPlaces } from '../../../scripts/secrets/search.mts';
import type { SearchResult } from '../../../scripts/secrets/search.mts';
import { PACKAGE_NAME } from '../../../scripts/simulatedTenant.mts';
import { START_TIMEOUT_MS } from '../support/realN8n.mts';
import { plantCanary } from './canary.mts';
import { collectPlaces, KINDS } from './collect.mts';
import { domains } from './domains.mts';
import { SIGN_IN_ECHOES } from './echoes.mts';
import { lookAround } from './editorCalls.mts';
import { reportFigures } from './figures.mts';
import { httpRequest, listUrl } from './httpRequest.mts';
import { MATRIX } from './matrix.mts';
import { playAll } from './runScenarios.mts';
import { SCENARIOS } from './scenarios.mts';
import { setStage } from './stage.mts';
import type { Stage } from './stage.mts';
import { playTrigger } from './triggerScene.mts';

/** Of a part, on a busy machine. */
const PART_TIMEOUT_MS = 240_000;
jest.setTimeout(PART_TIMEOUT_MS);

const ALL_SCENARIOS = [...SCENARIOS, ...MATRIX];

/**
 * Everything that can go well or wrong in one real n8n, as talkative as it gets; then all that it stored, printed or sent is
 * searched for every secret and every token. The search comes last: the parts before make what it searches.
 */
describe('Secrets and tokens in a real n8n', () => {
	let stage: Stage;
	let outcomes: Map<string, Promise<string>>;
	const credentials: StoredCredential[] = [];

	beforeAll(async () => {
		stage = await setStage();
		outcomes = playAll(stage, ALL_SCENARIOS);
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await stage?.close();
	});

	const openTenant: Stage['openTenant'] = async (...args) => {
		const tenant = await stage.openTenant(...args);
		credentials.push(tenant.credential);
		return tenant;
	};

	describe('the action node takes its way through', () => {
		it.each(ALL_SCENARIOS)(
			'$name',
			async ({ name, shows }) => {
				expect(await outcomes.get(name)).toMatch(shows);
			},
		);
	});

	it('a node that goes on after an error hands it to the next one', async () => {
		const { credential, simulator } = await openTenant('on error');
		const body = SIGN_IN_ECHOES['the form as it was sent'];
		simulator.failNext({ path: '/oauth2/', times: Infinity }, { status: 401, body });
		const workflow = fetchWorkflow(credential, FETCH_ALL);
		const nodes = workflow.nodes.map((each) => ({ ...each, onError: 'continueRegularOutput' }));
		const stored = await importWorkflow(stage.n8n.session, { ...workflow, nodes });
		const { items } = await runWorkflow(stage.n8n.session, stored, 'Start');
		expect(items[FETCH_NODE]?.[0]?.json).toHaveProperty('error');
	});

	it('an editor cannot write the credential into an expression', async () => {
		const { credential } = await openTenant('expression');
		const users = '={{ $credentials?.clientSecret }},={{ $credentials?.accessToken }}x';
		const workflow = fetchWorkflow(credential, { ...FETCH_ALL, filters: { users } });
		const stored = await importWorkflow(stage.n8n.session, workflow);
		const { items } = await runWorkflow(stage.n8n.session, stored, 'Start');
		expect(items[FETCH_NODE] ?? []).toEqual([]);
	});

	describe('the HTTP Request node', () => {
		it('reaches the API with the credential, and no other host', async () => {
			const { credential, simulator } = await openTenant('HTTP Request');
			expect((await httpRequest(stage, credential, listUrl(simulator))).status).toBe('success');
			const foreign = await httpRequest(stage, credential, `${simulator.foreignUrl}/collect`);
			expect(JSON.stringify(foreign.error)).toContain('signs requests to');
			simulator.failNext(
				{ path: '/list' },
				{ status: 302, headers: { Location: simulator.foreignUrl } },
			);
			await httpRequest(stage, credential, listUrl(simulator));
			expect(simulator.ledger.foreignRequests).toBe(0);
		});

		it('shows a refusal of the API without the request', async () => {
			const { credential, simulator } = await openTenant('HTTP Request, refused');
			simulator.failNext({ path: '/list', times: Infinity }, { status: 403, body: 'No.' });
			expect((await httpRequest(stage, credential, listUrl(simulator))).status).toBe('error');
			simulator.tenantState.secretState = 'expired';
			simulator.revokeTokens();
			expect((await httpRequest(stage, credential, listUrl(simulator))).status).toBe('error');
		});
	});

	describe('with allowed domains,', () => domains(() => stage, openTenant));

	it('an AI tool answers', async () => {
		const { credential } = await openTenant('AI tool');
		const file = await readWorkflow(join(ROOT, 'examples', 'ask-the-audit-log.json'));
		const { session } = stage.n8n;
		const workflow = await importWorkflow(session, useCredential(file, credential, PACKAGE_NAME));
		const { executionId } = await session.post<{ executionId: string }>(
			`/workflows/${workflow.id}/run`,
			{
				workflowData: workflow,
				destinationNode: { nodeName: 'Search Audit Log', mode: 'inclusive' },
				agentRequest: { query: { Search_Audit_Log: { hours: 24, limit: 5 } }, tool: { name: '' } },
			},
		);
		expect((await waitForExecution(session, workflow, executionId)).stored).toContain(
			'RecordTypeName',
		);
	});

	it.each<[title: string, fault: string | undefined, sentence: RegExp]>([
		['succeeds', undefined, /successful/],
		['is refused', 'AADSTS7000215', /AADSTS7000215/],
		...Object.keys(SIGN_IN_ECHOES).map(
			(name): [string, string, RegExp] => [`meets an echo of ${name}`, name, /sign-in/],
		),
	])('the credential’s test %s', async (title, fault, sentence) => {
		const wrong = fault === 'AADSTS7000215' ? { clientSecret: stage.makeSecret('nobody') } : {};
		const { credential, simulator } = await openTenant(`test that ${title}`, {}, wrong);
		const body = SIGN_IN_ECHOES[fault ?? ''];
		if (body) simulator.failNext({ path: '/oauth2/', times: Infinity }, { status: 400, body });
		expect((await testCredential(stage.n8n.session, credential)).message).toMatch(sentence);
	});

	it('an active trigger delivers, fails, tells its error workflow, and loses its sign-in', async () => {
		const { good, bad, told, expired } = await playTrigger(stage);
		expect(good.items['Trigger']?.length).toBeGreaterThan(0);
		expect(bad.error?.message).toMatch(/This run fails/);
		expect(told.items['Failure']?.length).toBeGreaterThan(0);
		expect(JSON.stringify(expired.error)).toContain('AADSTS7000222');
	});

	describe('the search', () => {
		let result: SearchResult;
		let control: SearchResult;

		beforeAll(async () => {
			await Promise.allSettled(outcomes.values());
			const canary = `canary ${stage.makeSecret('canary').slice(4)}`;
			await plantCanary(stage, await openTenant('control'), canary);
			await lookAround(stage, credentials);
			const places = await collectPlaces(stage);
			result = searchPlaces(
				places,
				stage.needles().filter(({ of }) => !of.includes('canary')),
			);
			control = searchPlaces(places, secretNeedles('canary', canary));
			reportFigures(stage.counts(), result, control);
		});

		it.each(Object.values(KINDS).filter((kind) => kind !== KINDS.otherFiles))(
			'finds what is planted in: %s',
			(kind) => {
				expect(control.hits.map((hit) => hit.kind)).toContain(kind);
			},
		);

		it('finds no secret and no token anywhere', () => {
			expect(result.hits).toEqual([]);
		});
	});
});
