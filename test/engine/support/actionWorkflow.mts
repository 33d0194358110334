import type { INode, IWorkflowSettings } from 'n8n-workflow';

import { INPUT_TYPE } from './nodeTypes.mts';
import type { RunOptions, WorkflowJson } from './runWorkflow.mts';

export const ACTION_NAME = 'Action';
export const DOWNSTREAM_NAME = 'Downstream';
const INPUT_NAME = 'Input';

export interface ActionParams extends Omit<RunOptions, 'start'> {
	parameters: Record<string, unknown>;
	credentialId?: string;
	/** What happens when the node fails: stop (the default), continue, or continue on the error output. */
	continueOnFail?: boolean | 'errorOutput';
	settings?: IWorkflowSettings;
	/** Anything else of the node, such as `retryOnFail`. */
	node?: Partial<INode>;
	/** A node that receives the items, for example one whose expressions refer back. */
	downstream?: Pick<INode, 'type' | 'parameters'>;
}

/** A node that supplies items, the action node, and perhaps one behind it. */
export function actionWorkflow(
	{ parameters, credentialId, continueOnFail, settings, node }: ActionParams,
	actionType: string,
	credentialType: string,
	downstream?: ActionParams['downstream'],
): WorkflowJson {
	const base = { typeVersion: 1, position: [0, 0] as [number, number] };
	const action: INode = {
		...base,
		id: 'action',
		name: ACTION_NAME,
		type: actionType,
		parameters: parameters as INode['parameters'],
		...(continueOnFail && {
			onError: continueOnFail === 'errorOutput' ? 'continueErrorOutput' : 'continueRegularOutput',
		}),
		...(credentialId && {
			credentials: { [credentialType]: { id: credentialId, name: 'Credential under test' } },
		}),
		...node,
	};
	const nodes: INode[] = [
		{ ...base, id: 'input', name: INPUT_NAME, type: INPUT_TYPE, parameters: {} },
		action,
	];
	if (downstream) nodes.push({ ...base, id: 'downstream', name: DOWNSTREAM_NAME, ...downstream });
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	return {
		nodes,
		connections: {
			[INPUT_NAME]: to(ACTION_NAME),
			...(downstream && { [ACTION_NAME]: to(DOWNSTREAM_NAME) }),
		},
		settings,
	};
}
