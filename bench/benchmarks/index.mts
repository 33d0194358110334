import type { Benchmark } from '../types.mts';
import { CPU } from './cpu.mts';
import { GROWTH } from './growth.mts';
import { LATENCY } from './latency.mts';
import { MEMORY } from './memory.mts';
import { REAL_N8N } from './realN8n.mts';
import { VIRTUAL_QUOTA } from './virtualQuota.mts';
import { QUOTA } from './quota.mts';

/** In the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [VIRTUAL_QUOTA, CPU, LATENCY, MEMORY, GROWTH, REAL_N8N, QUOTA];
