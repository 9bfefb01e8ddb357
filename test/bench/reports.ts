import { Permit } from '../../src/access/permit.ts'
import { rolesOf } from '../../src/access/roles.ts'
import { createVisibility } from '../../src/access/visibility.ts'
import { accountsInState } from '../../src/accounts/accounts-in-state.ts'
import { countStates } from '../../src/accounts/count-states.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import { stateNames } from '../../src/directory/account-state.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { startSlapd } from '../support/slapd.ts'
import { testTenant } from '../support/tenant.ts'

const PEOPLE = 100_000
const view = { visibility: createVisibility([]) }

/** What docs/directories.md recommends beside the indexes of the fixture. */
const indexes = `index pwdReset,pwdStartTime,pwdEndTime,pwdChangedTime,pwdLastSuccess,pwdPolicySubentry eq
index pwdAccountLockedTime pres
index pwdAccountTmpLockoutEnd,uniqueMember eq`

/** Every report over 100,000 accounts of a slapd, to the end, and the counts of them all in one reading. */
export async function benchReports(): Promise<void> {
  const slapd = await startSlapd({
    seed: { people: PEOPLE, lived: true },
    databaseLines: `lastbind on\n${indexes}`,
  })
  const tenant = testTenant(slapd)
  try {
    const permit = await deskPermit(tenant)
    for (const state of stateNames) {
      const start = performance.now()
      let found = 0
      for await (const _ of accountsInState(view, permit, state, new Date())) found += 1
      row(state, found, performance.now() - start)
    }
    const start = performance.now()
    const counts = await countStates(view, permit, new Date())
    row(
      'counts of all',
      Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0),
      performance.now() - start,
    )
  } finally {
    await closeTenant(tenant)
    await slapd.stop()
  }
}

function row(name: string, found: number, ms: number): void {
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20)
  console.log(
    `${name.padEnd(20)} ${String(found).padStart(7)}  ${(ms / 1000).toFixed(2)} s  rss ${memory} MB`,
  )
}

async function deskPermit(tenant: Tenant): Promise<Permit<'account.read'>> {
  const found = await findByLogin(tenant, 'signIn', 'hugo', everyAttribute)
  if (found === null) throw new Error('nobody is named hugo')
  const person = personRefOf(found.branch.directory, found.entry)
  const roles = await rolesOf(tenant, found.entry)
  return Permit.for(
    { kind: 'person', tenant, person, entry: found.entry, roles, scopes: 'session' },
    'account.read',
  )
}
