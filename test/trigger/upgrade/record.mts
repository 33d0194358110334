/**
 * Prints the state that a build of this package leaves in n8n's database in the middle of its work, for states/. To be run
 * with each release, before its successor changes what is stored:
 *
 * `PACKAGE_UNDER_TEST=<folder with dist/> node test/trigger/upgrade/record.mts > test/trigger/upgrade/states/<release>.json`
 */
import { idsOf, openScene, UPGRADE_MINUTE } from './scene.mts';
import type { RecordedState } from './scene.mts';

const scene = await openScene();
const trigger = scene.createTrigger();
await trigger.activate();
await scene.play(trigger, UPGRADE_MINUTE);
await scene.close();
const runs = trigger.emissions.filter(({ items }) => items.length > 0).map(idsOf);
const fails = (ids: string[]) => ids.some((id) => id.startsWith('failing'));
// The end of the last run is not stored yet.
const stored = runs.slice(0, -1).filter((ids) => !fails(ids)).flat();
const failed = [...new Set(runs.filter(fails).flat())].filter((id) => !stored.includes(id));
const state: RecordedState = { staticData: trigger.stored(), stored, failed };
process.stdout.write(`${JSON.stringify(state, undefined, '\t')}\n`);
