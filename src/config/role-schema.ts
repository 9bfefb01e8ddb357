import { z } from 'zod'
import { permissions } from './permission.ts'

/**
 * A role: who has it, what it allows, on whom. `reach` limits it to a branch and a filter; `{agent.attribute}` in either stands for the
 * agent's own values (`{agent.parent}`: the DN of the branch the agent's entry is in).
 */
export const roleSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** DNs of groups (static, nested or dynamic) whose members have the role. */
  groups: z.array(z.string()).default([]),
  /** Clients that have the role when they act for themselves (client credentials). */
  clients: z.array(z.string()).default([]),
  permissions: z.array(z.enum(permissions)).default([]),
  /** Nobody acts on an account whose highest rank is above their own. People without a role have rank 0. */
  rank: z.int().min(1).max(100),
  reach: z.array(z.strictObject({ base: z.string(), filter: z.string().optional() })).optional(),
})
export type RoleConfig = z.infer<typeof roleSchema>

/** To whom something is shown. `public`: not signed in; `self`: the person themselves. */
export const audiences = ['public', 'person', 'agent', 'application', 'self'] as const
export type Audience = (typeof audiences)[number]

/** A rule takes away: for these audiences, of entries that match `population` (all when absent), hide attributes, or the entry itself. */
export const visibilityRuleSchema = z.strictObject({
  audience: z.array(z.enum(audiences)).min(1),
  population: z.string().optional(),
  hide: z.union([
    z.literal('entry'),
    z.array(z.enum(['mail', 'phone', 'title', 'department', 'site', 'manager', 'photo', 'groups', 'login'])),
  ]),
})
export type VisibilityRule = z.infer<typeof visibilityRuleSchema>
