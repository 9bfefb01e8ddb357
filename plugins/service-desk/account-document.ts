import { z } from 'zod'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { actRefusals, type OfferedAct } from '../../src/accounts/offered-acts.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import { deskActs } from '../../src/accounts/reason.ts'
import { closings, stateNames, type AccountState, type Condition } from '../../src/directory/account-state.ts'
import { personFields, personFieldsOf } from '../person-fields.ts'

const time = z.iso.datetime()

const conditionSchema = z
  .object({
    kind: z.enum(stateNames),
    by: z.enum(['policy', 'agent']).optional().describe('Of `locked`.'),
    since: time.optional(),
    from: time.optional().describe('Of `not-started`.'),
    until: time.optional().describe('Of `locked`; absent when only an agent ends it.'),
    graceLeft: z
      .int()
      .optional()
      .describe('Of `password-expired`: sign-ins that the directory still allows.'),
    how: z.enum(closings).optional().describe('Of `closed-elsewhere`: what closed the account.'),
    at: time.optional().describe('Of `password-expiring` and `ending`.'),
    identity: z.string().optional().describe('Of `password-elsewhere`: who the person is there.'),
  })
  .describe('One thing that is true of the account now; several may be.')

const stateSchema = z.object({
  canSignIn: z.boolean().describe('Whether the directory lets the person in with the right password.'),
  enforced: z
    .boolean()
    .describe('False when no password policy is effective: neither locks nor dates hold then.'),
  conditions: z.array(conditionSchema),
  validFrom: time.nullable().describe('As the directory counts; null: no limit.'),
  validUntil: time.nullable().describe('The first instant that is not valid any more; null: no limit.'),
  passwordChangedAt: time.nullable(),
  passwordExpiresAt: time.nullable(),
  lastSignInAt: time.nullable(),
  failures: z.array(time).describe('Failed sign-ins that the directory counts now.'),
  policy: z.string().nullable().describe('DN of the effective password policy.'),
  policySource: z
    .enum(['entry', 'default'])
    .nullable()
    .describe('Whether the entry names the policy, or it is the one for all others.'),
})

/** An account as the API shows it. */
export const accountSchema = z
  .object({
    id: z.string().describe('Never changes, also when the account is renamed.'),
    login: z.string(),
    dn: z.string(),
    ...personFields,
    state: stateSchema,
  })
  .meta({ id: 'Account' })
export type AccountDocument = z.infer<typeof accountSchema>

export const offeredActSchema = z.object({
  act: z.enum(deskActs),
  refused: z
    .enum(actRefusals)
    .nullable()
    .describe('Why the act would be refused now; null when it is possible.'),
})

export function accountDocument({ shown, state }: DeskAccount): AccountDocument {
  return {
    id: accountIdOf(shown),
    login: shown.login,
    dn: shown.dn,
    ...personFieldsOf(shown),
    state: stateDocument(state),
  }
}

export function actDocument({ act, refused }: OfferedAct): z.infer<typeof offeredActSchema> {
  return { act, refused }
}

function stateDocument(state: AccountState): AccountDocument['state'] {
  return {
    canSignIn: state.canSignIn,
    enforced: state.enforced,
    conditions: state.conditions.map(conditionDocument),
    validFrom: iso(state.validFrom) ?? null,
    validUntil: iso(state.validUntil) ?? null,
    passwordChangedAt: iso(state.passwordChangedAt) ?? null,
    passwordExpiresAt: iso(state.passwordExpiresAt) ?? null,
    lastSignInAt: iso(state.lastSignInAt) ?? null,
    failures: state.failures.map((date) => date.toISOString()),
    policy: state.policy?.dn ?? null,
    policySource: state.policy?.source ?? null,
  }
}

function conditionDocument(condition: Condition): z.infer<typeof conditionSchema> {
  switch (condition.kind) {
    case 'locked':
      return { ...condition, since: iso(condition.since), until: iso(condition.until) }
    case 'not-started':
      return { ...condition, from: iso(condition.from) }
    case 'ended':
    case 'idle':
    case 'password-expired':
      return { ...condition, since: iso(condition.since) }
    case 'disabled':
    case 'must-change':
    case 'closed-elsewhere':
    case 'no-password':
    case 'password-elsewhere':
      return condition
    case 'password-expiring':
    case 'ending':
      return { ...condition, at: iso(condition.at) }
    case 'never-signed-in':
    case 'dormant':
      return { ...condition, since: iso(condition.since) }
  }
}

function iso(date: Date | undefined): string | undefined {
  return date?.toISOString()
}
