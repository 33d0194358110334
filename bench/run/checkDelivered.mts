import type { Delivered } from '../contestants/types.mts';
import { createDeliveryChecker } from '../load/checkDelivery.mts';
import type { DeliveryCheck } from '../load/checkDelivery.mts';
import type { Load } from '../load/types.mts';

/** Compares everything that came out of a contestant with the load. */
export async function checkDelivered(
	load: Load,
	templates: readonly string[],
	delivered: Delivered,
): Promise<DeliveryCheck> {
	const checker = createDeliveryChecker(load, templates);
	if (delivered.form === 'lines') {
		for (const read of delivered.files) {
			for (const line of linesOf(await read())) checker.line(line);
		}
	} else {
		const look = delivered.form === 'records' ? checker.record : checker.simplified;
		for (const event of delivered.events()) look(event);
	}
	return checker.result();
}

function* linesOf(file: Buffer): Generator<string> {
	for (let at = 0; at < file.length; ) {
		const end = file.indexOf('\n', at);
		const next = end < 0 ? file.length : end;
		yield file.toString('utf8', at, next);
		at = next + 1;
	}
}
