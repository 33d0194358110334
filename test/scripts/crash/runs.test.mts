import type { Run } from '../../../scripts/crash/judge.mts';
import { rememberRuns } from '../../../scripts/crash/runs.mts';

const run = (id: string, status: string): Run => ({ id, status, createdMs: 0, startedMs: 0, stoppedMs: 0 });

describe('the runs of an n8n that prunes', () => {
	it('stay known after n8n has removed them, each as it was listed last', async () => {
		const lists = [[run('1', 'error'), run('2', 'running')], [run('2', 'success')], []];
		const runs = rememberRuns(async () => await Promise.resolve(lists.shift() ?? []));
		await runs();
		await runs();
		expect(await runs()).toEqual([run('1', 'error'), run('2', 'success')]);
	});
});
