import type { Break } from '../break.mts';
import { CLOCKS } from './clocks.mts';
import { DELIVERY } from './delivery.mts';
import { ENDINGS } from './endings.mts';
import { HOSTILE } from './hostile.mts';
import { LISTING } from './listing.mts';
import { MEMORY } from './memory.mts';
import { NODE } from './node.mts';
import { READING } from './reading.mts';
import { STORING } from './storing.mts';

/** One break for each rule of checkpoint and trigger. */
export const BREAKS: Break[] = [...LISTING, ...MEMORY, ...STORING, ...DELIVERY, ...READING, ...NODE, ...ENDINGS, ...CLOCKS, ...HOSTILE];
