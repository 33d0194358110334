import type { TriggerPanelDefinition } from 'n8n-workflow';

const WHILE_BUILDING =
	'<b>While you build</b>, fetch test events: up to 10 of the newest events of the last 24 hours. That moves nothing.';

const EXECUTIONS =
	'it starts at the poll times with the events that have become available. Those executions are in the <a data-key="executions">executions list</a>, not in the editor.';

/** "When will this node trigger my flow?" in the editor, which speaks of one mock event unless told otherwise. */
export const triggerPanel: TriggerPanelDefinition = {
	executionsHelp: {
		inactive: `${WHILE_BUILDING}<br /><br /><b>Once the workflow is published</b>, ${EXECUTIONS}`,
		active: `${WHILE_BUILDING}<br /><br /><b>The workflow is published</b>: ${EXECUTIONS}`,
	},
};
