import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { residentBytes } from '../../bench/realN8n/watchMemory.mts';
import type { StoredCheckpoint } from '../../nodes/feed/checkpoint/storedCheckpoint.ts';
import type { SoakStage } from './stage.mts';
import type { Sample } from './types.mts';

const MB = 1e6;
const KB = 1e3;

/** What scripts/soak/inside.cjs writes. */
interface Inside {
	heapAfterGc: number;
	byKind: Record<string, number>;
	delayP50Ms: number;
	delayP99Ms: number;
	cpuShare: number;
}

type FromInside = Pick<Sample, 'heapMb' | 'handles' | 'delayP50Ms' | 'delayP99Ms' | 'cpuPercent'>;
type FromOutside = Pick<Sample, 'rssMb' | 'descriptors' | 'sockets' | 'databaseMb'>;
type FromStaticData = Pick<Sample, 'staticKb' | 'rememberedKb' | 'staticRestKb'>;

/** @throws Error in the first seconds, before n8n has written anything */
export function lookInside(folder: string): FromInside {
	const inside = JSON.parse(readFileSync(join(folder, 'inside.json'), 'utf8')) as Inside;
	const { heapAfterGc, byKind, delayP50Ms, delayP99Ms, cpuShare } = inside;
	return {
		heapMb: heapAfterGc / MB,
		handles: Object.values(byKind).reduce((sum, count) => sum + count, 0),
		delayP50Ms,
		delayP99Ms,
		cpuPercent: cpuShare * 100,
	};
}

/** What the system knows of the process. @throws Error if n8n is gone */
export function lookFromOutside(pid: number, folder: string): FromOutside {
	const descriptors = readdirSync(`/proc/${pid}/fd`).map((each) => targetOf(`/proc/${pid}/fd/${each}`));
	return {
		rssMb: residentBytes(pid) / MB,
		descriptors: descriptors.length,
		sockets: descriptors.filter((target) => target.startsWith('socket:')).length,
		databaseMb: sizeOfDatabase(join(folder, '.n8n')) / MB,
	};
}

/** Empty for one that was closed just now. */
function targetOf(link: string): string {
	try {
		return readlinkSync(link);
	} catch {
		return '';
	}
}

function sizeOfDatabase(folder: string): number {
	const files = readdirSync(folder).filter((name) => name.startsWith('database.sqlite'));
	return files.reduce(
		(sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
		0,
	);
}

type StaticData = Record<string, { checkpoint?: StoredCheckpoint }>;

/** What n8n has stored for the workflow. */
export async function lookAtStaticData({
	subject,
	workflow,
}: Pick<SoakStage, 'subject' | 'workflow'>): Promise<FromStaticData> {
	const stored = await subject
		.session()
		.get<{ staticData: StaticData | null }>(`/workflows/${workflow.id}`);
	const staticData = stored.staticData ?? {};
	const types = Object.values(staticData).flatMap(({ checkpoint }) =>
		Object.values(checkpoint?.types ?? {}),
	);
	const bytes = Buffer.byteLength(JSON.stringify(staticData));
	const remembered = types.reduce((sum, { settled }) => sum + JSON.stringify(settled).length, 0);
	return {
		staticKb: bytes / KB,
		rememberedKb: remembered / KB,
		staticRestKb: (bytes - remembered) / KB,
	};
}
