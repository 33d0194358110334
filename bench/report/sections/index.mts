import type { Section } from '../types.mts';
import { CPU_SECTION } from './cpu.mts';
import { GROWTH_SECTION } from './growth.mts';
import { LATENCY_SECTION } from './latency.mts';
import { MEMORY_SECTION } from './memory.mts';
import { QUOTA_SECTION } from './quota.mts';
import { REAL_N8N_SECTION } from './realN8n.mts';
import { VIRTUAL_QUOTA_SECTION } from './virtualQuota.mts';

export const SECTIONS: readonly Section[] = [
	VIRTUAL_QUOTA_SECTION,
	QUOTA_SECTION,
	LATENCY_SECTION,
	CPU_SECTION,
	MEMORY_SECTION,
	GROWTH_SECTION,
	REAL_N8N_SECTION,
];
