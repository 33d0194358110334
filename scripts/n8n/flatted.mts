type Flat = string | number | boolean | null | Flat[] | { [key: string]: Flat };

/**
 * Reads the format in which n8n stores an execution: a JSON array whose strings inside objects and arrays are indices
 * into that same array. https://github.com/WebReflection/flatted
 */
export function parseFlatted(text: string): unknown {
	const values = JSON.parse(text) as Flat[];
	const revived = new Map<string, unknown>();
	const revive = (value: Flat): unknown => {
		if (typeof value !== 'string') return value;
		if (revived.has(value)) return revived.get(value);
		const target = values[Number(value)];
		if (typeof target !== 'object' || target === null) return target;
		const copy = (Array.isArray(target) ? [] : {}) as Record<string, unknown>;
		revived.set(value, copy);
		for (const [key, inner] of Object.entries(target)) {
			// Not by assignment: a record may have a key named __proto__.
			const property = {
				value: revive(inner),
				enumerable: true,
				writable: true,
				configurable: true,
			};
			Object.defineProperty(copy, key, property);
		}
		return copy;
	};
	return revive('0');
}
