import type { Benchmark } from '../types.mts';
import { CPU } from './cpu.mts';
import { LATENCY } from './latency.mts';

/** In the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [CPU, LATENCY];
