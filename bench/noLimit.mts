/** More requests a minute than any contestant can send: what counts is the machine. */
export const NO_LIMIT = 1_000_000;
