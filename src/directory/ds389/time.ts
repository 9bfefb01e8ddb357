/** 1970, which the server writes for "never" (of an unlocking) and "at once" (of the end of a password). */
export const EPOCH = '19700101000000Z'
export const NEVER = 0

/** The server's mark that a password was set by its owner, before it looked at ages: no end either. */
export const NOT_FIRST_TIME = '19700101000001Z'
