import { z } from 'zod'
import { nameSchema } from './name-schema.ts'
import { permissions } from './permission.ts'

const reach = z.strictObject({
  base: z.string().describe('DN of a branch, which may hold `{agent.attribute}` or `{agent.parent}`.'),
  filter: z.string().optional().describe('LDAP filter, which may hold the same.'),
})

/**
 * A role: who has it, what it allows, on whom. `reach` limits it to a branch and a filter; `{agent.attribute}` in either stands for the
 * agent's own values (`{agent.parent}`: the DN of the branch the agent's entry is in).
 */
export const roleSchema = z.strictObject({
  name: nameSchema.describe('Name of the role, unique in the tenant.'),
  groups: z
    .array(z.string())
    .default([])
    .describe('DNs of groups (static, nested or dynamic) whose members have the role.'),
  clients: z
    .array(z.string())
    .default([])
    .describe('Ids of clients that have the role when they act for themselves (client credentials).'),
  permissions: z.array(z.enum(permissions)).default([]).describe('What the role allows.'),
  rank: z
    .int()
    .min(1)
    .max(100)
    .describe(
      'Nobody acts on an account whose highest rank is above their own. People without a role have rank 0.',
    ),
  reach: z
    .array(reach)
    .optional()
    .describe(
      "On whom: branches and filters, of which one suffices. Everyone in the desk's bases when absent.",
    ),
})
export type RoleConfig = z.infer<typeof roleSchema>

/** To whom something is shown. `public`: not signed in; `self`: the person themselves. */
export const audiences = ['public', 'person', 'agent', 'application', 'self'] as const
export type Audience = (typeof audiences)[number]

/** A rule takes away: for these audiences, of entries that match `population` (all when absent), hide attributes, or the entry itself. */
export const visibilityRuleSchema = z.strictObject({
  audience: z
    .array(z.enum(audiences))
    .min(1)
    .describe('From whom: `public` is not signed in, `self` the person themselves.'),
  population: z.string().optional().describe('LDAP filter: of whom. Everyone when absent.'),
  hide: z
    .union([
      z.literal('entry'),
      z.array(
        z.enum(['mail', 'phone', 'title', 'department', 'site', 'manager', 'photo', 'groups', 'login']),
      ),
    ])
    .describe('What: a list of attributes, or `entry` for the whole person.'),
})
export type VisibilityRule = z.infer<typeof visibilityRuleSchema>
