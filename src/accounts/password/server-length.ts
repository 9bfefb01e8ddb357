import { Problem } from '../../problems/problem.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { findByAccountId } from '../find-entry.ts'
import { personRefOf } from '../person.ts'
import { passwordAttributes, primaryPlace, type Place } from './password-places.ts'

/**
 * The fewest characters that the directory takes where the account's password is: for pages that say it before anything is typed. 0 when there is
 * no such rule, or it cannot be known now: the directory itself decides in the end.
 */
export async function serverLengthOf(tenant: Tenant, account: Place, now: Date): Promise<number> {
  try {
    const { directory, entry } = await primaryPlace(tenant, account, now)
    return (await directory.passwordRules(entry)).length
  } catch (error) {
    if (error instanceof Problem) return 0
    throw error
  }
}

/** The same for an account that is not read yet. */
export async function readServerLength(tenant: Tenant, accountId: string, now: Date): Promise<number> {
  const found = await findByAccountId(tenant, 'signIn', accountId, (directory) => [
    directory.idAttribute,
    directory.attributes.login,
    ...passwordAttributes(directory),
  ])
  if (found === null) return 0
  const { directory } = found.branch
  return await serverLengthOf(
    tenant,
    { directory, ref: personRefOf(directory, found.entry), entry: found.entry },
    now,
  )
}
