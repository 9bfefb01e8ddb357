import { z } from 'zod'
import { clientSchema } from './client-schema.ts'
import { baseSchema, directorySchema } from './directory-schema.ts'
import { roleSchema, visibilityRuleSchema } from './role-schema.ts'

const uses = z.strictObject({
  signIn: z.array(baseSchema).min(1),
  whitePages: z.array(baseSchema).default([]),
  desk: z.array(baseSchema).default([]),
  groups: z.array(baseSchema).default([]),
})

const whitePages = z.strictObject({
  /** `public`: anyone; `signed-in`: people of the tenant. */
  access: z.enum(['public', 'signed-in']).default('signed-in'),
  /** Country of phone numbers written without one (ISO 3166). */
  country: z.string().length(2).default('FR'),
  visibility: z.array(visibilityRuleSchema).default([]),
})

const passwordPolicy = z.strictObject({
  profile: z.enum(['directory', 'nist']).default('directory'),
  /** Files of refused passwords, one a line, beside the built-in list. */
  blocklists: z.array(z.string()).default([]),
})

const desk = z.strictObject({
  reasonRequired: z
    .array(z.enum(['reset', 'unlock', 'lock', 'disable', 'enable']))
    .default(['lock', 'disable', 'enable']),
})

const recovery = z.strictObject({
  enabled: z.boolean().default(true),
  /** Minutes that a link lives. */
  lifetime: z.int().min(1).max(60).default(10),
})

const signIn = z.strictObject({
  /** Failures of one account, and of one address, within `window` seconds before further tries are refused. */
  maxFailuresPerAccount: z.int().min(1).default(10),
  maxFailuresPerAddress: z.int().min(1).default(100),
  window: z.int().min(1).default(900),
  /** Session life in seconds: idle and absolute. */
  idleLifetime: z.int().min(60).default(1_800),
  absoluteLifetime: z.int().min(60).default(43_200),
})

export const tenantSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** Origin of every address and token of the tenant; never taken from a request. */
  issuer: z.url({ protocol: /^https?$/ }),
  /** Further host names that are answered by a redirect to the issuer. */
  hosts: z.array(z.string()).default([]),
  displayName: z.string(),
  locale: z.enum(['en', 'fr']).default('fr'),
  directories: z.array(directorySchema).min(1),
  uses,
  whitePages: whitePages.prefault({}),
  roles: z.array(roleSchema).default([]),
  passwordPolicy: passwordPolicy.prefault({}),
  desk: desk.prefault({}),
  recovery: recovery.prefault({}),
  signIn: signIn.prefault({}),
  clients: z.array(clientSchema).default([]),
  /** From address of mails. */
  mailFrom: z.string().optional(),
})
export type TenantConfig = z.infer<typeof tenantSchema>
export type UseName = keyof TenantConfig['uses']
