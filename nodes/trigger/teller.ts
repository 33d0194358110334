import type { IPollFunctions } from 'n8n-workflow';

import type { StoredCheckpoint } from '../feed/checkpoint/storedCheckpoint';
import type { Report } from './collector/types';
import { toErrors } from './reports';
import type { CheckpointStore } from './staticData';

/** Tells the user what a poll reports. */
export interface Teller {
	report(report: Report): void;
	/** The store, telling first what is reported: what was given up must be told before the checkpoint that forgets it is stored. */
	store: CheckpointStore;
	/** The poll has ended. Its runs may end later: what they report is told at once. */
	end(): void;
}

/** What is reported together is told together: content types that fail for one reason share a message. */
export function createTeller(node: IPollFunctions, store: CheckpointStore): Teller {
	let reports: Report[] = [];
	let polling = true;
	const tell = () => {
		const all = reports;
		reports = [];
		for (const error of toErrors(node.getNode(), all)) {
			node.logger.warn(error.message);
			node.__emitError(error);
		}
	};
	return {
		report(each) {
			reports.push(each);
			if (!polling) tell();
		},
		store: {
			load: store.load,
			save(stored: StoredCheckpoint) {
				tell();
				store.save(stored);
			},
		},
		end() {
			polling = false;
			tell();
		},
	};
}
