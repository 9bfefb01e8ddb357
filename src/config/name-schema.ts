import { z } from 'zod'

const expected = 'a name of small letters, digits and hyphens that begins with a letter'

/** Names of our own: they appear in keys of the stores, in metrics and in addresses, and never change. */
export const nameSchema = z.string({ error: expected }).regex(/^[a-z][a-z0-9-]*$/, expected)
