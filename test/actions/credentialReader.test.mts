import type { IExecuteFunctions } from 'n8n-workflow';

import { createCredentialReader } from '../../nodes/actions/common/credentialReader.ts';
import { NODE } from './fakeNode.mts';

const TYPE = 'office365ManagementApi';

/** A node whose credential is another one each time it is read, and a reader on a clock set by hand. */
function scene(
	credential: (reading: number) => Record<string, unknown> = (reading) => ({ reading, accessToken: 'old' }),
	canSign: (data: { accessToken?: unknown }) => boolean = ({ accessToken }) => accessToken !== '',
) {
	let readings = 0;
	const clock = { ms: 1_000_000 };
	const node = {
		getNode: () => ({ ...NODE, credentials: { [TYPE]: { id: '7', name: 'Contoso' } } }),
		getCredentials: async () => credential(++readings),
	} as unknown as IExecuteFunctions;
	const read = createCredentialReader(node, TYPE, canSign, {
		now: () => clock.ms,
	});
	return { read, clock, readings: () => readings };
}

describe('The credential reader', () => {
	it('reads the credential once for the requests of two seconds, also for those that run at the same time', async () => {
		const { read, clock, readings } = scene();
		await Promise.all([read(), read()]);
		clock.ms += 1_999;
		expect(await read()).toMatchObject({ id: '7', name: 'Contoso', type: TYPE, data: { reading: 1 } });
		expect(readings()).toBe(1);
	});

	it('sees an edit of the credential after two seconds', async () => {
		const { read, clock } = scene();
		await read();
		clock.ms += 2_000;
		expect((await read()).data).toMatchObject({ reading: 2 });
	});

	it('reads again when the clock was set back by more than that', async () => {
		const { read, clock } = scene();
		await read();
		clock.ms -= 3_600_000;
		expect((await read()).data).toMatchObject({ reading: 2 });
	});

	it('hands the token that n8n puts into it to the requests that follow', async () => {
		const { read } = scene();
		Object.assign((await read()).data ?? {}, { accessToken: 'new' });
		expect((await read()).data).toMatchObject({ accessToken: 'new' });
	});

	it('reads again while the credential holds no token, which another run may have fetched', async () => {
		const { read } = scene((reading) => ({ reading, accessToken: reading === 1 ? '' : 'new' }));
		await read();
		expect((await read()).data).toMatchObject({ reading: 2, accessToken: 'new' });
	});

	it('judges each token once for a reading, and one that n8n puts in its place anew', async () => {
		const judged: unknown[] = [];
		const { read } = scene(undefined, ({ accessToken }) => judged.push(accessToken) > 0 && accessToken !== 'bad');
		const data = (await read()).data ?? {};
		await read();
		await read();
		expect(judged).toEqual(['old']);
		data.accessToken = 'bad';
		expect((await read()).data).toMatchObject({ reading: 2 });
		expect(judged).toEqual(['old', 'bad']);
	});

	it('does not keep a reading that was not possible', async () => {
		const { read } = scene((reading) => {
			if (reading === 1) throw new Error('The database is not ready');
			return { reading };
		});
		await expect(read()).rejects.toThrow('not ready');
		expect((await read()).data).toMatchObject({ reading: 2 });
	});
});
