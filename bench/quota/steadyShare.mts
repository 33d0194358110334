/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#api-throttling */
export const PER_MINUTE = 2_000;

/**
 * Which share of a quota was used in steady state: the whole windows after the first one, without the last, broken one.
 *
 * @param passedAtMs when requests passed, since the first one, in order
 * @returns NaN if there is no whole window
 */
export function steadyShare(
	passedAtMs: readonly number[],
	windowMs: number,
	perWindow = PER_MINUTE,
): number {
	const windows = Math.floor((passedAtMs.at(-1) ?? 0) / windowMs) - 1;
	const endMs = (windows + 1) * windowMs;
	const passed = passedAtMs.filter((atMs) => atMs >= windowMs && atMs < endMs).length;
	return windows > 0 ? passed / (windows * perWindow) : NaN;
}
