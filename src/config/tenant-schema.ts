import { z } from 'zod'
import { brandingSchema } from './branding/branding-schema.ts'
import { clientSchema } from './client-schema.ts'
import { baseSchema, directorySchema } from './directory-schema.ts'
import { nameSchema } from './name-schema.ts'
import { roleSchema, visibilityRuleSchema } from './role-schema.ts'
import { syncSchema } from './sync-schema.ts'

const uses = z.strictObject({
  signIn: z.array(baseSchema).min(1).describe('Where the people are who may sign in.'),
  whitePages: z.array(baseSchema).default([]).describe('Where the people are whom the white pages show.'),
  desk: z.array(baseSchema).default([]).describe('Where the accounts are that the service desk looks after.'),
  groups: z.array(baseSchema).default([]).describe('Where groups are, those that give roles included.'),
})

const whitePages = z.strictObject({
  access: z
    .enum(['public', 'signed-in'])
    .default('signed-in')
    .describe('`public`: anyone; `signed-in`: people of the tenant.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters (ISO 3166)')
    .default('FR')
    .describe('Country of phone numbers written without one (ISO 3166).'),
  visibility: z
    .array(visibilityRuleSchema)
    .default([])
    .describe(
      'What is hidden from whom, everywhere a person is shown or searched. Every rule that fits takes away.',
    ),
})

const passwordPolicy = z.strictObject({
  profile: z
    .enum(['directory', 'nist'])
    .default('directory')
    .describe(
      "`directory`: the server's own policy and the blocklists; `nist`: SP 800-63B, length 15, no composition rules.",
    ),
  blocklists: z
    .array(z.string())
    .default([])
    .describe(
      'Files of refused passwords, one a line, beside the built-in list. Relative to the file that names them.',
    ),
})

const desk = z.strictObject({
  reasonRequired: z
    .array(z.enum(['reset', 'require-change', 'unlock', 'lock', 'disable', 'enable', 'validity', 'rename']))
    .default(['lock', 'disable', 'enable'])
    .describe('Acts that need a reason from the agent.'),
})

const recovery = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Whether people can set a new password by a link sent to their mailbox.'),
  lifetime: z.int().min(1).max(60).default(10).describe('Minutes that a link lives.'),
})

const audit = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .default(365)
    .describe('Days that events are kept. Whole segments go when their newest event is older.'),
})

const signIn = z.strictObject({
  maxFailuresPerAccount: z
    .int()
    .min(1)
    .default(10)
    .describe('Failures of one account within `window` before further tries are refused.'),
  maxFailuresPerAddress: z.int().min(1).default(100).describe('The same for one client address.'),
  window: z.int().min(1).default(900).describe('Seconds over which failures are counted.'),
  idleLifetime: z
    .int()
    .min(60)
    .default(1_800)
    .describe('Seconds without a request after which a session ends.'),
  absoluteLifetime: z
    .int()
    .min(60)
    .default(43_200)
    .describe('Seconds after which a session ends in any case.'),
})

const hostName = z
  .string()
  .regex(/^[^\s/:@?#]+$|^\[[0-9a-fA-F:.]+\]$/, 'a host name without scheme, port and path')

export const tenantSchema = z.strictObject({
  name: nameSchema.describe('Name of the tenant. It is in the keys of everything stored: do not change it.'),
  issuer: z
    .url({ protocol: /^https?$/, error: 'a URL https://' })
    .describe(
      'Origin of every address and token of the tenant, never taken from a request: https://id.example.org.',
    ),
  hosts: z
    .array(hostName)
    .default([])
    .describe('Further host names, which are answered by a redirect to the issuer.'),
  displayName: z.string().describe('Name of the organisation, as people see it.'),
  locale: z
    .enum(['en', 'fr'])
    .default('fr')
    .describe('Language where the browser asks for none that we have, and of mails.'),
  directories: z.array(directorySchema).min(1).describe('LDAP servers and what is in them.'),
  uses: uses.describe('Which branches serve which use.'),
  whitePages: whitePages.prefault({}).describe('The white pages.'),
  roles: z.array(roleSchema).default([]).describe('Who may do what, on whom.'),
  passwordPolicy: passwordPolicy.prefault({}).describe('Which passwords are accepted.'),
  desk: desk.prefault({}).describe('The service desk.'),
  recovery: recovery.prefault({}).describe('Recovery of a forgotten password by mail.'),
  audit: audit.prefault({}).describe('The audit trail.'),
  signIn: signIn.prefault({}).describe('Limits of tries and lifetime of sessions.'),
  clients: z.array(clientSchema).default([]).describe('Applications that sign people in or use the API.'),
  sync: syncSchema
    .prefault({})
    .describe('Synchronization of directories with each other and with other systems.'),
  branding: brandingSchema
    .prefault({})
    .describe('What the pages look like, what they say of the organisation, and who helps.'),
  mailFrom: z.string().optional().describe('Sender of mails; `mail.from` when absent.'),
})
export type TenantConfig = z.infer<typeof tenantSchema>
export type UseName = keyof TenantConfig['uses']
