import type { Jobs } from '../../jobs/start-jobs.ts'
import { Problem } from '../../problems/problem.ts'
import type { EphemeralStore } from '../../store/ephemeral.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { addressBlock } from '../address-limit.ts'
import { attemptKey, countAttempt } from '../attempt-limit.ts'
import type { RequestOrigin } from '../trace.ts'

/** Mails that somebody else can make a person get. */
const perIdentifier = { max: 5, window: 600 }
/** Many honest people may share an address. */
const perAddress = { max: 30, window: 600 }

/**
 * Asks for a recovery link to be mailed to whoever has that login or mail address. Nothing is looked up here:
 * known or not, the answer and its time are the same, and beyond the limits too. Throws Problem
 * `store-unavailable`, for everybody alike.
 */
export async function requestRecovery(
  { ephemeral, jobs }: { ephemeral: EphemeralStore; jobs: Pick<Jobs, 'send'> },
  tenant: Tenant,
  typed: string,
  origin: RequestOrigin,
): Promise<void> {
  const identifier = typed.trim()
  if (identifier === '') return
  const address = addressBlock(origin.address ?? '')
  const isWithinLimits = [
    await isWithin(ephemeral, attemptKey('recovery-address', tenant.name, address), perAddress),
    await isWithin(ephemeral, attemptKey('recovery', tenant.name, identifier), perIdentifier),
  ].every(Boolean)
  if (isWithinLimits) await jobs.send('recovery.mail', { tenant: tenant.name, identifier, origin })
}

async function isWithin(...counted: Parameters<typeof countAttempt>): Promise<boolean> {
  try {
    await countAttempt(...counted)
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'too-many-attempts') return false
    throw error
  }
}
