import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { accountIdOf } from '../../../src/accounts/account-id.ts'
import type { SignInResult } from '../../../src/accounts/sign-in-result.ts'
import { momentText } from '../../web/time.ts'

/**
 * Whose password is to be changed, and why: what the interaction remembers between "this password is right" and "here is the new one". Whoever must
 * change it is signed in by that alone; whoever should (`grace`, `expiring`) is signed in already.
 */
export const changeSchema = z.object({
  accountId: z.string(),
  login: z.string(),
  why: z.enum(['expired', 'reset', 'grace', 'expiring']),
  /** Sign-ins that are left. */
  left: z.number().optional(),
  /** Milliseconds since 1970. */
  at: z.number().optional(),
})
export type PasswordChange = z.output<typeof changeSchema>

/** Null when the password may stay as it is. */
export function changeAfter(result: Exclude<SignInResult, { outcome: 'refused' }>): PasswordChange | null {
  const whose = { accountId: accountIdOf(result.person), login: result.person.login }
  if (result.outcome === 'must-change') return { ...whose, why: result.why }
  const { graceLeft, expiresAt } = result
  if (graceLeft !== undefined) return { ...whose, why: 'grace', left: graceLeft }
  return expiresAt === undefined ? null : { ...whose, why: 'expiring', at: expiresAt.getTime() }
}

/** Why, in a sentence. */
export function changeReason({ t, locale }: FastifyRequest, change: PasswordChange): string {
  const { why, left = 0, at = 0 } = change
  switch (why) {
    case 'expired':
      return t('signIn.expired')
    case 'reset':
      return t('signIn.mustChange')
    case 'grace':
      return t('signIn.graceLeft', { count: left })
    case 'expiring':
      return t('signIn.expiring', { date: momentText(locale, new Date(at)) })
  }
}
