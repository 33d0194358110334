import { FLOOR } from '../../../bench/contestants/floor.mts';
import type { Contestant } from '../../../bench/contestants/types.mts';

/** The bare floor, with its records spoilt on the way: a contestant that must not pass. */
export function spoilt(spoil: (records: Array<Record<string, unknown>>) => unknown[]): Contestant {
	return {
		...FLOOR,
		name: 'spoilt',
		async run(stage) {
			const delivered = await FLOOR.run(stage);
			if (delivered.form === 'lines') throw new Error('The floor hands on records');
			const records = [...delivered.events()] as Array<Record<string, unknown>>;
			return { ...delivered, events: () => spoil(records) };
		},
	};
}
