import type { Results } from '../results/types.mts';

export function writeReport(_results: Results): void {}
