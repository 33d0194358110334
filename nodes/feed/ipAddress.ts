/** IP addresses as audit records spell them: with a port, in brackets, IPv4 inside IPv6, or not at all. */

interface IpAddress {
	bits: 32 | 128;
	value: bigint;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** `1.2.3.4:443` -> `1.2.3.4`, `[fdfd::1]:443` -> `fdfd::1`; everything else as it is. */
export function withoutPort(text: string): string {
	const trimmed = text.trim();
	const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed);
	if (bracketed) return bracketed[1]!;
	const v4 = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed);
	return v4 ? v4[1]! : trimmed;
}

/** Reads an address; an IPv4 address inside IPv6 (`::ffff:10.0.0.1`) counts as IPv4. Undefined if it is none. */
export function parseIp(text: string): IpAddress | undefined {
	const address = withoutPort(text).replace(/%.*$/, '');
	const v4 = parseIpv4(address);
	if (v4 !== undefined) return { bits: 32, value: v4 };
	const v6 = parseIpv6(address);
	if (v6 === undefined) return undefined;
	return v6 >> 32n === 0xffffn ? { bits: 32, value: v6 & 0xffffffffn } : { bits: 128, value: v6 };
}

function parseIpv4(text: string): bigint | undefined {
	const match = IPV4.exec(text);
	if (!match) return undefined;
	const bytes = match.slice(1).map(Number);
	if (bytes.some((byte) => byte > 255)) return undefined;
	return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function parseIpv6(text: string): bigint | undefined {
	const halves = text.split('::');
	if (halves.length > 2 || !text.includes(':')) return undefined;
	const head = parseGroups(halves[0]!);
	const tail = halves.length === 2 ? parseGroups(halves[1]!) : [];
	if (!head || !tail) return undefined;
	const missing = 8 - head.length - tail.length;
	if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
	const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
	return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 address may stand for the last two. */
function parseGroups(text: string): number[] | undefined {
	if (text === '') return [];
	const groups: number[] = [];
	for (const part of text.split(':')) {
		const v4 = parseIpv4(part);
		if (v4 !== undefined) groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
		else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(parseInt(part, 16));
		else return undefined;
	}
	return groups;
}

/**
 * Compiles an address or a CIDR range (`10.0.0.0/8`, `2001:db8::/32`).
 *
 * @returns undefined if the pattern is neither.
 */
export function compileIpPattern(pattern: string): ((ip: IpAddress) => boolean) | undefined {
	const [address = '', prefix, ...rest] = pattern.trim().split('/');
	const network = parseIp(address);
	if (!network || rest.length > 0) return undefined;
	if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
	// In `::ffff:10.0.0.0/104` the prefix counts the bits of the IPv6 spelling.
	const spelledBits = address.includes(':') ? 128 : 32;
	const length = prefix === undefined ? network.bits : Number(prefix) - (spelledBits - network.bits);
	if (length < 0 || length > network.bits) return undefined;
	const shift = BigInt(network.bits - length);
	return (ip) => ip.bits === network.bits && ip.value >> shift === network.value >> shift;
}
