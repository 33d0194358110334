import { describe, expect, test } from '@jest/globals';
import { CONTENT_TYPES } from '../../simulator/index.mts';
import type { Faults } from '../../simulator/index.mts';
import { TEMPLATES } from '../../simulator/events/generateEvent.mts';
import { startTenant } from './support.mts';

type Event = Record<string, unknown> & { RecordType: number; Id?: string; CreationTime: string };

async function eventsWith(faults: Partial<Faults>, blobs = 60, eventsPerBlob = 10) {
	const { sim } = await startTenant({
		blobs,
		eventsPerBlob,
		faults: { duplicateEvents: 0, ...faults },
	});
	const texts = sim.feed.blobs.map((blob) => blob.events());
	return {
		sim,
		texts: texts.flat(),
		perBlob: texts,
		events: texts.flat().map((text) => JSON.parse(text) as Event),
	};
}

describe('generated events', () => {
	test('at least 30 record types over all five content types', async () => {
		const { sim } = await eventsWith({ unknownRecordTypes: 0 }, 300);
		const types = new Map(CONTENT_TYPES.map((type) => [type, new Set<number>()]));
		for (const blob of sim.feed.blobs) {
			for (const text of blob.events())
				types.get(blob.contentType)?.add((JSON.parse(text) as Event).RecordType);
		}
		expect(new Set([...types.values()].flatMap((set) => [...set])).size).toBeGreaterThanOrEqual(30);
		for (const [type, seen] of types) expect(seen.size).toBe(TEMPLATES[type].length);
	});

	test('carry the common schema, with a CreationTime in UTC that does not say so', async () => {
		const { events, sim } = await eventsWith({ awkwardEvents: 0 });
		for (const event of events) {
			expect(event).toMatchObject({
				Id: expect.stringMatching(/^[\da-f-]{36}$/),
				CreationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
				Operation: expect.any(String),
				OrganizationId: sim.tenant.tenantId,
				RecordType: expect.any(Number),
				UserId: expect.stringContaining('@'),
				UserKey: expect.any(String),
				UserType: expect.any(Number),
				Workload: expect.any(String),
			});
		}
	});

	test('are not in order within a blob, and some are days older than it', async () => {
		const { perBlob, sim } = await eventsWith({ awkwardEvents: 0 });
		const times = perBlob.map((texts) =>
			texts.map((text) => (JSON.parse(text) as Event).CreationTime),
		);
		expect(times.some((blob) => blob.join() !== [...blob].sort().join())).toBe(true);
		const ages = times.flatMap((blob, i) =>
			blob.map((time) => (sim.feed.blobs[i]?.createdMs ?? 0) - Date.parse(`${time}Z`)),
		);
		expect(Math.min(...ages)).toBeGreaterThan(0);
		expect(Math.max(...ages)).toBeGreaterThan(24 * 3_600_000);
	});

	test('follow from the seed alone', async () => {
		const one = await eventsWith({ awkwardEvents: 0.5, hostileEvents: 0.1 });
		const two = await eventsWith({ awkwardEvents: 0.5, hostileEvents: 0.1 });
		expect(two.texts).toEqual(one.texts);
		expect(two.sim.tenant).toEqual(one.sim.tenant);
		expect(two.sim.feed.blobs.map((blob) => blob.contentId)).toEqual(
			one.sim.feed.blobs.map((blob) => blob.contentId),
		);
		const { sim } = await startTenant({ seed: 2, blobs: 60 });
		expect(sim.tenant.tenantId).not.toBe(one.sim.tenant.tenantId);
		expect(sim.feed.blobs[0]?.events()).not.toEqual(one.perBlob[0]);
	});

	test('the same whatever the order they are asked for in', async () => {
		const { perBlob } = await eventsWith({ duplicateEvents: 0.3 });
		const { sim } = await startTenant({
			blobs: 60,
			eventsPerBlob: 10,
			faults: { duplicateEvents: 0.3 },
		});
		expect(
			[...sim.feed.blobs]
				.reverse()
				.map((blob) => blob.events())
				.reverse(),
		).toEqual(perBlob);
	});

	test('duplicates have the same Id, in the blob or across blobs, with keys in another order', async () => {
		const { perBlob } = await eventsWith({ duplicateEvents: 0.3, awkwardEvents: 0 });
		const places = new Map<string, Array<{ blob: number; text: string }>>();
		perBlob.forEach((texts, blob) => {
			for (const text of texts) {
				const id = String((JSON.parse(text) as Event).Id);
				places.set(id, [...(places.get(id) ?? []), { blob, text }]);
			}
		});
		const repeated = [...places.values()].filter((list) => list.length > 1);
		expect(repeated.some((list) => new Set(list.map(({ blob }) => blob)).size > 1)).toBe(true);
		expect(repeated.some((list) => new Set(list.map(({ blob }) => blob)).size < list.length)).toBe(
			true,
		);
		expect(repeated.some(([a, b]) => a?.text !== b?.text)).toBe(true);
		for (const [a, b] of repeated)
			expect(JSON.parse(b?.text ?? '')).toEqual(JSON.parse(a?.text ?? ''));
	});

	test('some have no Id', async () => {
		const { events } = await eventsWith({ eventsWithoutId: 0.2 });
		const without = events.filter((event) => !('Id' in event)).length;
		expect(without).toBeGreaterThan(events.length * 0.1);
		expect(without).toBeLessThan(events.length * 0.3);
	});

	test('awkward ones: every shape that is seen on the wire', async () => {
		const { texts, events } = await eventsWith({ awkwardEvents: 1 }, 150);
		const has = (test: (event: Event) => boolean) => events.some(test);
		for (const ip of ['', '<null>', null, undefined, '[fdfd::1]:443'])
			expect(has((e) => e['ClientIP'] === ip)).toBe(true);
		expect(has((e) => /^\d+\.\d+\.\d+\.\d+:443$/.test(String(e['ClientIP'])))).toBe(true);
		expect(has((e) => typeof e['Parameters'] === 'string')).toBe(true);
		expect(has((e) => Array.isArray(e['Parameters']))).toBe(true);
		expect(
			has(
				(e) =>
					Array.isArray(e['ModifiedProperties']) &&
					new Set(e['ModifiedProperties'].map((m) => typeof m)).size === 2,
			),
		).toBe(true);
		expect(
			has((e) => typeof e['Platform'] === 'string') &&
				has((e) => typeof e['Platform'] === 'number'),
		).toBe(true);
		expect(has((e) => 'Data State' in e)).toBe(true);
		expect(has((e) => 'ObjectId' in e && 'objectId' in e && 'OBJECTID' in e)).toBe(true);
		expect(has((e) => /\r\n.*שלום\u200b –/.test(String(e['ObjectId'])))).toBe(true);
		expect(has((e) => /^\{.*[^}]$/.test(String(e['Data'])))).toBe(true);
		expect(new Set(events.map((e) => e['ResultStatus'])).size).toBeGreaterThan(8);
		expect(texts.some((text) => text.includes('9007199254740993'))).toBe(true);
	});

	test('events with a member 10,000 arrays deep', async () => {
		const { texts } = await eventsWith({ deepEvents: 1 }, 2);
		for (const text of texts) {
			expect(text).toContain('['.repeat(10_000));
			expect(() => JSON.parse(text)).not.toThrow();
		}
	});

	test('unknown record types, huge and hostile events', async () => {
		expect(
			(await eventsWith({ unknownRecordTypes: 1 })).events.map((event) => event.RecordType),
		).toContain(4711);
		const { texts: huge } = await eventsWith({ hugeEvents: 1 }, 5);
		expect(Math.max(...huge.map((text) => text.length))).toBeGreaterThan(17_000);
		const { texts: hostile } = await eventsWith({ hostileEvents: 1 }, 30);
		for (const part of [
			'"__proto__":',
			'"constructor":',
			'\\ud800',
			'\\u0000',
			'123456789012345678901234567890',
		]) {
			expect(hostile.some((text) => text.includes(part))).toBe(true);
		}
	});

	test('DLP.All carries what was matched in clear text', async () => {
		const { sim } = await startTenant({ blobs: 4, contentTypes: ['DLP.All'] });
		expect(sim.feed.blobs[0]?.events().join()).toContain('4111 1111 1111 1111');
	});

	test('given events are served instead, as they are, in the content type of their workload', async () => {
		const events = [
			'{"Id":"1","Workload":"Exchange","RecordType":1, "N":1.0}',
			{ Id: '2', Workload: 'OneDrive', RecordType: 6 },
			{ Id: '3', Workload: 'Exchange', RecordType: 13 },
			{ Id: '4', Workload: 'AzureActiveDirectory', RecordType: 15 },
			{ Id: '5', Workload: 'SomethingNew', RecordType: 9999 },
		];
		const { sim, blob } = await startTenant({ events });
		const served: Record<string, unknown> = {};
		for (const { contentId, contentType } of sim.feed.blobs) {
			served[contentType] = (await blob(contentId, { responseType: 'text' })).data;
		}
		expect(served).toEqual({
			'Audit.Exchange': `[${String(events[0])}]`,
			'Audit.SharePoint': JSON.stringify([events[1]]),
			'DLP.All': JSON.stringify([events[2]]),
			'Audit.AzureActiveDirectory': JSON.stringify([events[3]]),
			'Audit.General': JSON.stringify([events[4]]),
		});
	});
});
