import type { GrowthAnswer, GrowthOrder, GrowthSubject } from '../growth/types.mts';
import { loadOf } from '../load/types.mts';
import type { Row } from '../results/types.mts';
import { forkModule } from '../run/forkModule.mts';
import { judge } from '../run/judge.mts';
import type { Benchmark } from '../types.mts';

const PROCESS = new URL('../growth/process.mts', import.meta.url);
const SUBJECTS: readonly GrowthSubject[] = ['node-events', 'node-file', 'trigger'];
const EVENTS_PER_BLOB = 2;

async function runSubject(order: GrowthOrder): Promise<GrowthAnswer> {
	const process = forkModule<GrowthAnswer>(PROCESS, { execArgv: ['--expose-gc'] });
	try {
		const answer = await process.ask(order);
		judge(order.subject, answer, answer, order.load);
		return answer;
	} finally {
		await process.end();
	}
}

/** Time, memory and checkpoint per blob as backlogs grow, with a tenant in memory. */
export const GROWTH: Benchmark = {
	name: 'growth',
	title: 'Growth with the number of blobs',
	minutes: 8,
	async run({ repeats, quick, templatesFile, progress }) {
		const sizes = quick ? [100, 1_000] : [100, 1_000, 10_000, 100_000];
		const rows = sizes.flatMap((blobs) =>
			SUBJECTS.map(
				(contestant): Row => ({ conditions: { blobs }, contestant, samples: [], failures: [] }),
			),
		);
		progress.plan(rows.length * repeats);
		for (let repeat = 0; repeat < repeats; repeat++) {
			for (const { conditions, contestant, samples } of rows) {
				const blobs = Number(conditions['blobs']);
				const load = loadOf(blobs, EVENTS_PER_BLOB);
				const subject = contestant as GrowthSubject;
				const { measured, checkpointBytes } = await runSubject({ subject, load, templatesFile });
				const growth = measured.rssPeak - measured.rssBefore;
				samples.push({
					wallMs: measured.wallMs,
					cpuMs: measured.cpuMs,
					cpuMsPerBlob: measured.cpuMs / blobs,
					growthBytes: growth,
					growthBytesPerBlob: growth / blobs,
					heldBytesPerBlob: measured.heldBytes / blobs,
					checkpointBytes,
				});
				progress.done(`${contestant}, ${blobs} blobs, ${Math.round(measured.wallMs)} ms`);
			}
		}
		return rows;
	},
};
