import { z } from 'zod'
import type { Target } from '../src/accounts/password/target.ts'
import type { Written } from '../src/accounts/password/write-everywhere.ts'

/** What came of a new password in one directory, as documents say it. */
export const targetSchema = z
  .object({
    directory: z.string(),
    outcome: z
      .enum(['written', 'refused', 'failed'])
      .describe('`refused`: the directory does not take it; `failed`: it did not answer, try again.'),
    reason: z
      .string()
      .nullable()
      .describe('Of `refused` the directory’s reason (`too-short`), of `failed` the code of a problem.'),
    putBack: z
      .array(z.enum(['lock']))
      .describe('What the server lifted with the old password and was set again.'),
    lost: z
      .array(z.enum(['lock', 'must-change']))
      .describe('What could not be set beside the new password: the lock of an agent, the forced change.'),
    ntHash: z
      .enum(['written', 'failed'])
      .nullable()
      .describe('Of `sambaNTPassword`; null where the entry has none.'),
  })
  .meta({ id: 'PasswordTarget' })
export type TargetDocument = z.infer<typeof targetSchema>

/** Fields of every answer to a new password. */
export const writtenFields = {
  complete: z.boolean().describe('False when any directory has not taken all of it: see `targets`.'),
  targets: z
    .array(targetSchema)
    .describe('Each directory that holds a password of the person, the one for signing in first.'),
  retry: z
    .string()
    .nullable()
    .describe(
      'While not null: sent as `id` to the address of this one and `/retry`, within ten minutes and by the same caller, it writes what is missing.',
    ),
}

export function writtenDocument({ targets, isComplete, retry }: Written) {
  return { complete: isComplete, targets: targets.map(targetDocument), retry }
}

export function targetDocument(target: Target): TargetDocument {
  const { directory, outcome } = target
  return {
    directory,
    outcome,
    reason: target.outcome === 'written' ? null : target.reason,
    putBack: target.outcome === 'written' ? [...target.putBack] : [],
    lost: target.outcome === 'written' ? [...target.lost] : [],
    ntHash: target.outcome === 'written' ? target.ntHash : null,
  }
}
