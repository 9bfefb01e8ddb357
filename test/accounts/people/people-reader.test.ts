import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVisibility } from '../../../src/access/visibility.ts'
import { createPeopleIndex } from '../../../src/accounts/people/people-index/people-index.ts'
import { createPeopleReader } from '../../../src/accounts/people/people-reader.ts'
import { closeTenant } from '../../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { testTenant } from '../../support/tenant.ts'

let slapd: Slapd
let tenant: Tenant

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 300 } })
  tenant = testTenant(slapd)
  // The second in which the people were loaded, perhaps just now, is over.
  const loaded = performance.now()
  await until(() => performance.now() > loaded + 1_000, { within: 2_000 })
})
afterAll(async () => {
  await closeTenant(tenant)
  await slapd.stop()
})

test('who was loaded in one second is not read at every turn; who changes is', async () => {
  const index = createPeopleIndex({ country: 'FR', locale: 'fr' })
  const read: string[] = []
  const visibility = createVisibility([])
  const reader = createPeopleReader(tenant.uses.whitePages, visibility, {
    ...index,
    put(person) {
      read.push(person.login)
      index.put(person)
    },
  })
  const { signal } = new AbortController()
  const readOnce = async (late = false) => {
    read.length = 0
    await reader.readChanges({ late, signal })
    return read.length
  }
  expect(await readOnce()).toBe(300)
  expect(await readOnce()).toBeGreaterThan(0)
  expect(await readOnce()).toBe(0)
  expect(await readOnce(true)).toBeGreaterThan(0)
  expect(await readOnce()).toBe(0)

  const title = (text: string) =>
    ldapmodify(
      asRoot(slapd),
      `dn: uid=alice,ou=people,${slapd.suffix}\nchangetype: modify\nreplace: title\ntitle: ${text}\n`,
    )
  await title('First')
  expect([await readOnce(), ...read]).toEqual([1, 'alice'])
  // Perhaps in the same second, which is not over.
  await title('Second')
  expect([await readOnce(), ...read]).toEqual([1, 'alice'])
})
