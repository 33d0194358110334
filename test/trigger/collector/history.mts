import fc from 'fast-check';

import type { DestinationMode } from './destination.mts';
import type { Reading } from './tenant.mts';
import { HOUR, MINUTE } from './units.mts';

/** Kinds of blobs (`odd`); all others are plain. */
export const NO_IDS = 1;
export const REPEATED_IDS = 2;
export const BROKEN = 3;
export const POISON = 4;
export const SHORT_LIVED = 5;
export const SLOW_TO_APPEAR = 6;
export const UNDATED = 7;

/** What a person changes; `value` says to what. */
export type Edit = 'nothing' | 'output' | 'filters' | 'delivery' | 'limits' | 'name';

/** One thing that happens to the trigger. */
export type Step =
	| { do: 'publish'; type: number; count: number; size: number; lateMs: number; odd: number }
	| { do: 'straggler'; type: number; lateMs: number }
	| { do: 'poll'; times: number; everyMs: number }
	| { do: 'destination'; mode: DestinationMode }
	| { do: 'listing'; fails: number; slow: number }
	| { do: 'reading'; mode: Reading }
	| { do: 'throttle'; request: 'list' | 'read'; minutes: number; tellsAlways: boolean }
	| { do: 'kill'; timers: number }
	| { do: 'off'; timers: number; hours: number }
	| { do: 'edit'; change: Edit; value: number; timers: number }
	| { do: 'renameWhileOff'; value: number; timers: number }
	| { do: 'heal' }
	| { do: 'rollBack' };

export interface History {
	seed: number;
	skewMinutes: number;
	startBackHours: number;
	overlapMinutes: number;
	maxEvents: number;
	parallel: number;
	atMostOnce: boolean;
	maxDeliveryAttempts: number;
	budgetMinutes: number;
	steps: Step[];
}

const { constant, constantFrom, integer, nat, record } = fc;

/** Timers that fire before a poll is interrupted. */
const timers = nat(12);

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 12,
		arbitrary: record({
			do: constant('publish' as const),
			type: nat(1),
			count: integer({ min: 1, max: 5 }),
			size: integer({ min: 1, max: 12 }),
			lateMs: fc.oneof(constant(0), integer({ min: 0, max: 120 * MINUTE })),
			odd: nat(11),
		}),
	},
	{
		weight: 2,
		arbitrary: record({
			do: constant('straggler' as const),
			type: nat(1),
			lateMs: integer({ min: 2 * HOUR, max: 22 * HOUR }),
		}),
	},
	{
		weight: 16,
		arbitrary: record({
			do: constant('poll' as const),
			times: integer({ min: 1, max: 6 }),
			everyMs: constantFrom(MINUTE, 5 * MINUTE, 40 * MINUTE, 3 * HOUR),
		}),
	},
	{
		weight: 4,
		arbitrary: record({
			do: constant('destination' as const),
			mode: constantFrom<DestinationMode[]>('ok', 'ok', 'down', 'flaky', 'slow', 'hangs'),
		}),
	},
	{ weight: 2, arbitrary: record({ do: constant('listing' as const), fails: nat(3), slow: nat(3) }) },
	{
		weight: 3,
		arbitrary: record({
			do: constant('reading' as const),
			mode: constantFrom<Reading[]>('ok', 'ok', 'flaky', 'down', 'throttled', 'busy'),
		}),
	},
	{
		weight: 2,
		arbitrary: record({
			do: constant('throttle' as const),
			request: constantFrom('list' as const, 'read' as const),
			minutes: integer({ min: 1, max: 90 }),
			tellsAlways: fc.boolean(),
		}),
	},
	{ weight: 6, arbitrary: record({ do: constant('kill' as const), timers }) },
	{
		weight: 1,
		arbitrary: record({
			do: constant('off' as const),
			timers,
			hours: fc.oneof(integer({ min: 1, max: 30 }), integer({ min: 120, max: 216 })),
		}),
	},
	{
		weight: 4,
		arbitrary: record({
			do: constant('edit' as const),
			change: constantFrom<Edit[]>('nothing', 'output', 'filters', 'delivery', 'limits', 'name'),
			value: nat(5),
			timers: fc.oneof(constant(0), timers),
		}),
	},
	{ weight: 1, arbitrary: record({ do: constant('renameWhileOff' as const), value: nat(2), timers }) },
	{ weight: 1, arbitrary: constant({ do: 'heal' as const }) },
	{ weight: 2, arbitrary: constant({ do: 'rollBack' as const }) },
);

/** A trigger and what happens to it. */
export const history: fc.Arbitrary<History> = record({
	seed: nat(),
	skewMinutes: constantFrom(0, 0, -8, 8),
	startBackHours: constantFrom(0, 1, 30, 150, 168),
	overlapMinutes: constantFrom(15, 120),
	maxEvents: constantFrom(1, 3, 10, 1000),
	parallel: constantFrom(1, 1, 3),
	atMostOnce: constantFrom(false, false, false, true),
	maxDeliveryAttempts: constantFrom(0, 0, 2, 5),
	budgetMinutes: constantFrom(1, 5),
	steps: fc.array(step, { minLength: 4, maxLength: 40, size: 'max' }),
});
