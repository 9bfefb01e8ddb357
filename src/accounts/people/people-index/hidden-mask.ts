import type { Hidden } from '../../../access/visibility.ts'
import type { Audience } from '../../../config/role-schema.ts'

/** Who searches. People who look for themselves see what people see. */
export type SearchAudience = Exclude<Audience, 'self'>

/**
 * One bit for each field. The first stands for the names: they are hidden only with the whole entry, so that an entry whose every
 * field is hidden is an entry that is not there.
 */
export const fieldBit = {
  names: 1,
  login: 2,
  mail: 4,
  phone: 8,
  title: 16,
  department: 32,
  site: 64,
} as const
export type SearchedField = keyof typeof fieldBit

const bitsPerAudience = 7
export const allFields = 2 ** bitsPerAudience - 1
/** Hides an entry from everyone. */
export const hiddenFromAll = -1
const shifts = { public: 0, person: 7, agent: 14, application: 21 } as const satisfies Record<
  SearchAudience,
  number
>

const searchAudiences = ['public', 'person', 'agent', 'application'] as const
const hideableFields = ['login', 'mail', 'phone', 'title', 'department', 'site'] as const

/** How far right to shift a mask so that its lowest seven bits are those of the audience. */
export function audienceShift(audience: SearchAudience): number {
  return shifts[audience]
}

/** The mask of what the projection hides of one entry. What is not searched (photo, manager, groups) makes no difference. */
export function hiddenMask(hiddenFrom: (audience: SearchAudience) => Hidden): number {
  return searchAudiences.reduce(
    (mask, audience) => mask | (hiddenBits(hiddenFrom(audience)) << shifts[audience]),
    0,
  )
}

function hiddenBits(hidden: Hidden): number {
  if (hidden === 'entry') return allFields
  return hideableFields.reduce((bits, field) => (hidden.has(field) ? bits | fieldBit[field] : bits), 0)
}
