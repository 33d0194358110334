import { BlockList } from 'node:net';

import fc from 'fast-check';

import { compileIpPattern, parseIp, withoutPort } from '../../nodes/feed/ipAddress';

describe('an address with a port', () => {
	it.each([
		['1.2.3.4:443', '1.2.3.4'],
		['[fdfd::1]:443', 'fdfd::1'],
		['[fdfd::1]', 'fdfd::1'],
		[' 1.2.3.4:443 ', '1.2.3.4'],
		['1.2.3.4', '1.2.3.4'],
		['fdfd::1', 'fdfd::1'],
		['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
		['1.2.3.4:', '1.2.3.4:'],
		['host:443', 'host:443'],
		['<null>', '<null>'],
		['', ''],
	])('%s is %s without it', (text, address) => {
		expect(withoutPort(text)).toBe(address);
	});
});

describe('an IP address', () => {
	it('IPv4 is the same inside IPv6, with a port, and with a zone', () => {
		const plain = parseIp('10.0.0.1');
		expect(plain).toEqual({ bits: 32, value: 0x0a000001n });
		for (const text of [
			'::ffff:10.0.0.1',
			'::FFFF:a00:1',
			'0:0:0:0:0:ffff:10.0.0.1',
			'[::ffff:10.0.0.1]:443',
			'10.0.0.1:9',
		]) {
			expect(parseIp(text)).toEqual(plain);
		}
		expect(parseIp('fe80::1%eth0')).toEqual(parseIp('fe80::1'));
	});

	it('is read as it is written, for any IPv4 and IPv6 address', () => {
		fc.assert(
			fc.property(fc.ipV4(), (text) => {
				const value = text.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
				expect(parseIp(text)).toEqual({ bits: 32, value });
			}),
			{ seed: 10 },
		);
		const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
		fc.assert(
			fc.property(
				groups.filter(([first]) => first !== 0),
				(list) => {
					const value = list.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
					const full = list.map((group) => group.toString(16)).join(':');
					expect(parseIp(full)).toEqual({ bits: 128, value });
					// The URL parser writes the shortest form.
					const short = new URL(`http://[${full}]`).hostname.slice(1, -1);
					expect(parseIp(short)).toEqual({ bits: 128, value });
				},
			),
			{ seed: 11 },
		);
	});

	it.each([
		'',
		'<null>',
		'1.2.3',
		'1.2.3.4.5',
		'256.1.1.1',
		':',
		':::',
		'1::2::3',
		'1:2:3:4:5:6:7',
		'1:2:3:4:5:6:7:8:9',
		'12345::',
		'g::',
		'localhost',
		'1:2:3:4:5:6:7:8::',
	])('%j is none', (text) => {
		expect(parseIp(text)).toBeUndefined();
	});
});

describe('a range of addresses', () => {
	it('holds what Node’s own block list holds, IPv4 and IPv6', () => {
		const v4 = fc.record({
			family: fc.constant('ipv4' as const),
			bits: fc.integer({ min: 0, max: 32 }),
			network: fc.ipV4(),
			other: fc.ipV4(),
		});
		const v6 = fc.record({
			family: fc.constant('ipv6' as const),
			bits: fc.integer({ min: 0, max: 128 }),
			network: fc.ipV6(),
			other: fc.ipV6(),
		});
		fc.assert(
			fc.property(fc.oneof(v4, v6), ({ family, bits, network, other }) => {
				const list = new BlockList();
				list.addSubnet(network, bits, family);
				const matches = compileIpPattern(`${network}/${bits}`)!;
				for (const address of [network, other]) {
					const ip = parseIp(address)!;
					if (family === 'ipv6' && (ip.bits === 32 || parseIp(network)!.bits === 32)) continue;
					expect(matches(ip)).toBe(list.check(address, family));
				}
			}),
			{ seed: 12, numRuns: 500 },
		);
	});

	it('without a prefix is one address', () => {
		expect(compileIpPattern('10.0.0.1')!(parseIp('10.0.0.1')!)).toBe(true);
		expect(compileIpPattern('10.0.0.1')!(parseIp('10.0.0.2')!)).toBe(false);
		expect(compileIpPattern('2001:db8::')!(parseIp('2001:db8::1')!)).toBe(false);
	});
});
