import { START_TIMEOUT_MS } from '../real/support/realN8n.mts';
import { credential } from './credential.mts';
import { getMany } from './getMany.mts';
import { httpRequest } from './httpRequest.mts';
import { nodesPanel } from './nodesPanel.mts';
import { createStage } from './support/stage.mts';
import type { Stage } from './support/stage.mts';
import { trigger } from './trigger.mts';

/** One file, because n8n is started once for all; each part opens workflows of its own and needs no other. */
describe('In n8n’s editor', () => {
	let stage: Stage;

	beforeAll(async () => {
		stage = await createStage();
	}, START_TIMEOUT_MS);

	afterAll(async () => {
		await stage?.close();
	});

	describe('the nodes panel', () => nodesPanel(() => stage));
	describe('the credential', () => credential(() => stage));
	describe('Audit Event > Get Many', () => getMany(() => stage));
	describe('the HTTP Request node', () => httpRequest(() => stage));
	describe('the trigger', () => trigger(() => stage));
});
