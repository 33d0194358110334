/** How contestants are called in tables and plots, by their names in the results. */
const LABELS: Record<string, string> = {
	'node-events': 'this package, Simplify off',
	'node-simplified': 'this package, Simplify on',
	'node-content': 'this package, output Content',
	'node-file': 'this package, output File',
	'http-request': 'HTTP Request nodes',
	'http-unbatched': 'HTTP Request, no batching',
	'http-best-batch': 'HTTP Request, best batching (at most 50 at once)',
	'http-one-by-one': 'HTTP Request, batch size 1',
	'http-quota-batch': 'HTTP Request, batched to the quota',
	floor: 'bare helper + JSON.parse',
	'floor-with-token': 'bare helper with a ready token + JSON.parse',
	trigger: 'the trigger',
};

export const labelOf = (contestant: string): string => LABELS[contestant] ?? contestant;
