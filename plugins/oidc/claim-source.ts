import { accountIdOf } from '../../src/accounts/account-id.ts'
import { personOf, projectPerson } from '../../src/accounts/person.ts'
import type { Visibility } from '../../src/access/visibility.ts'
import { groupsOf } from '../../src/directory/groups.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { LiveAccount } from '../live-accounts.ts'
import type { ClaimSource } from './claims.ts'

/** The account as applications may know it. Of a person hidden from them they get the subject alone: who may sign in is another question. */
export function claimSource(
  tenant: Tenant,
  visibility: Visibility,
  { branch, entry }: Pick<LiveAccount, 'branch' | 'entry'>,
): ClaimSource {
  const hidden = visibility.hiddenFrom('application', entry)
  const person = personOf(branch.directory, entry)
  const accountId = accountIdOf(person)
  if (hidden === 'entry') return { accountId, shown: null }
  const groups = async () => (await groupsOf(tenant.uses.groups, entry)).map(({ name }) => name)
  return {
    accountId,
    shown: {
      person: projectPerson(person, hidden),
      isLoginHidden: hidden.has('login'),
      groups: hidden.has('groups') ? async () => [] : groups,
    },
  }
}
