import type { FastifyRequest } from 'fastify';
import type { ApiRequest } from './context.mts';

/** `/api/v1.0/{tenant}/activity/feed/{operation}`; `v1` is what next page links say. */
const API_PATH = /^\/api\/(v1(?:\.0)?)\/([^/]*)\/activity\/feed\/(.*)$/i;

/** Takes the raw URL apart, without decoding what the API would not decode. `undefined`: no such path. */
export function readApiRequest(
	request: FastifyRequest,
	scheme: string,
	serial: number,
): ApiRequest | undefined {
	const { path, query } = splitUrl(request.raw.url ?? '');
	const [, version, tenantId, operation] = API_PATH.exec(path) ?? [];
	if (version === undefined || tenantId === undefined || operation === undefined) return undefined;
	return {
		method: request.method,
		origin: `${scheme}://${request.headers.host ?? 'localhost'}`,
		path,
		query,
		headers: request.headers,
		body: typeof request.body === 'string' ? request.body : '',
		tenantId,
		operation,
		version,
		serial,
	};
}

export function splitUrl(url: string): { path: string; query: URLSearchParams } {
	const mark = url.indexOf('?');
	return mark < 0
		? { path: url, query: new URLSearchParams() }
		: { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}
