import { z } from 'zod'

const search = z.strictObject({
  search: z.string().min(1).describe('What is typed into the white pages.'),
  as: z.string().optional().describe('Login of whoever searches; a visitor when absent.'),
  finds: z
    .array(z.string())
    .default([])
    .describe('Logins among the first hundred found. None and no `hides`: nobody is found.'),
  hides: z.array(z.string()).default([]).describe('Logins that must not be found.'),
})

const claims = z.strictObject({
  login: z.string().min(1).describe('Who signs in.'),
  client: z.string().min(1).describe('Id of the application; it asks for all its scopes.'),
  has: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Claims with their values; of a list, what must be in it.'),
  lacks: z.array(z.string()).default([]).describe('Claims that the application must not get.'),
})

/** What a customer expects of their own configuration; looked at by `idaas check --expect` before and after an upgrade. */
export const expectedSchema = z.strictObject({
  version: z.literal(1, { error: '1' }).describe('Form of the file: 1.'),
  tenant: z.string().optional().describe('Whose it is; the only tenant when absent.'),
  searches: z.array(search).default([]).describe('Searches of the white pages.'),
  claims: z.array(claims).default([]).describe('What applications are told of people.'),
  sync: z
    .array(z.string())
    .default([])
    .describe('Folders with cases of synchronization tasks, relative to this file (see `idaas sync test`).'),
})
export type Expected = z.infer<typeof expectedSchema>
export type ExpectedSearch = Expected['searches'][number]
export type ExpectedClaims = Expected['claims'][number]
