import { setTimeout } from 'node:timers/promises'
import { ApplyFailure, type Destination } from '../connectors/connector.ts'
import type { Change } from '../plan/change.ts'
import { type Earlier, recheck, type Verdict } from './recheck.ts'

/** Disables and enables accounts as the service desk does; null where the destination has no accounts. */
export type AccountActs = {
  disable(name: string): Promise<void>
  enable(name: string): Promise<void>
} | null

export type ApplyTarget = {
  readonly destination: Destination
  readonly accounts: AccountActs
  readonly signal: AbortSignal
}

const FIRST_PAUSE = 100
const LAST_PAUSE = 5_000
const TRIES = 8

/**
 * Does one operation. A server that is busy is asked again, less and less often; after a lost connection the record is looked at first, since the operation
 * may have been done. Gives `done` or `conflict`; throws `ApplyFailure`.
 */
export async function applyOne(earlier: Earlier, target: ApplyTarget): Promise<Exclude<Verdict, 'planned'>> {
  for (let attempt = 1; ; attempt++) {
    try {
      await send(earlier.change, target)
      return 'done'
    } catch (error) {
      if (!(error instanceof ApplyFailure) || attempt === TRIES) throw error
      if (error.kind !== 'busy' && error.kind !== 'lost') throw error
      await setTimeout(pauseAfter(attempt), undefined, { signal: target.signal })
      if (error.kind === 'busy') continue
      const verdict = await verdictAfterLoss(earlier, target, error)
      if (verdict !== 'planned') return verdict
    }
  }
}

async function send(change: Change, { destination, accounts }: ApplyTarget): Promise<void> {
  if (change.kind !== 'disable' && change.kind !== 'enable') return destination.apply(change)
  if (accounts === null) throw new ApplyFailure('refused', 'no-accounts', 'accounts cannot be disabled there')
  await accounts[change.kind](change.name)
}

async function verdictAfterLoss(
  earlier: Earlier,
  { destination }: ApplyTarget,
  lost: ApplyFailure,
): Promise<Verdict> {
  try {
    const [verdict = 'planned'] = await recheck([earlier], destination)
    return verdict
  } catch (error) {
    // Still away: that is the failure to tell.
    throw error instanceof ApplyFailure ? lost : error
  }
}

/** Half of it at random, so that all that waits does not come back at once. */
function pauseAfter(attempt: number): number {
  const longest = Math.min(LAST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
  return longest / 2 + (Math.random() * longest) / 2
}
