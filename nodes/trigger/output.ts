import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { originOf } from '../feed/origin';
import { shapeEvent } from '../feed/shape';
import type { BatchPart } from './collector/types';
import type { TriggerParameters } from './parameters';

/** The items of one run. */
export function toItems(
	parts: BatchPart[],
	parameters: Pick<TriggerParameters, 'output' | 'simplify' | 'normalize'>,
): INodeExecutionData[] {
	if (parameters.output === 'reference') return parts.map(({ blob }) => ({ json: { ...originOf(blob) } }));
	if (parameters.output === 'content') {
		return parts.map(({ blob, events }) => ({
			json: {
				...originOf(blob),
				events: events.map((event) => shapeEvent(event, parameters) as IDataObject),
			},
		}));
	}
	return parts.flatMap(({ blob, events }) =>
		events.map((event) => ({
			json: { ...(shapeEvent(event, parameters) as IDataObject), _content: { ...originOf(blob) } },
		})),
	);
}
