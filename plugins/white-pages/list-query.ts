import { z } from 'zod'

/** What a search of the white pages takes. Longer texts are cut by the search itself: nothing that a person types or pastes is an error. */
const text = z
  .string()
  .max(4_000)
  .default('')
  .describe('What to find: any words, in any order, with or without accents.')
const cursor = z.string().max(2_000).optional().describe('`next` of the page before, for the same search.')
const sort = z.enum(['relevance', 'name']).default('relevance').describe('Order of the people.')
const limit = z.coerce.number().int().min(1).max(200).default(50).describe('Most items on a page.')

export const pageQuery = z.strictObject({ q: text, cursor })
export const peoplePageQuery = pageQuery.extend({ sort })
export const exportQuery = z.strictObject({ q: text, sort })
export const memberPageQuery = z.strictObject({ cursor })

export const apiQuery = z.strictObject({ q: text, cursor, limit })
export const peopleApiQuery = apiQuery.extend({ sort })
export const memberApiQuery = z.strictObject({ cursor, limit })

export type PeoplePageQuery = z.infer<typeof peoplePageQuery>

/** The address of a search page, without what is as it is by default. */
export function listPath(base: string, query: Readonly<Record<string, string | undefined>>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '' && value !== 'relevance') params.set(name, value)
  }
  return params.size === 0 ? base : `${base}?${params.toString()}`
}
