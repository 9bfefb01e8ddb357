import type { SqlFailure } from './sql-session.ts'

/** What a code comes to for whoever reads, and for whoever writes. */
export type Meaning = Pick<SqlFailure, 'incomplete' | 'apply'>

export const refused: Meaning = { incomplete: 'refused', apply: 'refused' }
export const exists: Meaning = { incomplete: 'refused', apply: 'exists' }
export const busy: Meaning = { incomplete: 'refused', apply: 'busy' }
export const lost: Meaning = { incomplete: 'lost', apply: 'lost' }
export const unreachable: Meaning = { incomplete: 'unreachable', apply: 'busy' }
/** The server has stopped the statement, and undone it. */
export const stopped: Meaning = { incomplete: 'time-limit', apply: 'busy' }
/** We have given it up: whether it was done nobody knows. */
export const givenUp: Meaning = { incomplete: 'time-limit', apply: 'lost' }
