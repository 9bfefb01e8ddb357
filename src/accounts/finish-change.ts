import { Problem } from '../problems/problem.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { changeEvent } from './change-password.ts'
import { findByAccountId } from './find-entry.ts'
import { passwordAttributes } from './password/password-places.ts'
import { finishWriting, type Written, type WriteServices } from './password/write-everywhere.ts'
import { personAttributes, personRefOf } from './person.ts'
import type { RequestOrigin } from './trace.ts'

/** The owner who changed or recovered a password brings it to the directories that were down then. Throws Problem `not-found` when there is nothing left to write by that id. */
export async function finishChange(
  services: WriteServices,
  tenant: Tenant,
  accountId: string,
  { id, origin }: { id: string; origin: RequestOrigin },
  now: Date,
): Promise<Written> {
  const found = await findByAccountId(tenant, 'signIn', accountId, (directory) => [
    ...personAttributes(directory),
    ...passwordAttributes(directory),
  ])
  if (found === null) throw new Problem('not-found')
  const { directory } = found.branch
  const account = { directory, ref: personRefOf(directory, found.entry), entry: found.entry }
  const event = changeEvent(tenant, found, origin)
  return await finishWriting(services, { tenant, account, event }, id, now)
}
