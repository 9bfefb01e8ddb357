import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findAll, type Branch } from '../../src/directory/branch.ts'
import { groupsOf } from '../../src/directory/groups.ts'
import { memberAttributes, membersOf } from '../../src/directory/members.ts'
import { filter } from '../../src/ldap/filter.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenant } from '../support/tenant.ts'

const MEMBERS = 5_000

describe('a group of 5,000', () => {
  let slapd: Slapd
  let tenant: Tenant
  beforeAll(async () => {
    slapd = await startSlapd({ seed: { people: 6_000 } })
    const { suffix } = slapd
    const members = Array.from({ length: MEMBERS }, (_, index) => `member: ${dnOf(index + 100)}`)
    await ldapmodify(
      asRoot(slapd),
      `dn: cn=big,ou=groups,${suffix}\nchangetype: add\nobjectClass: groupOfNames\ncn: big\n${members.join('\n')}\n
dn: cn=around,ou=groups,${suffix}\nchangetype: add\nobjectClass: groupOfNames\ncn: around\nmember: cn=big,ou=groups,${suffix}\n`,
    )
    tenant = testTenant(slapd)
  })
  afterAll(async () => {
    await closeTenant(tenant)
    await slapd.stop()
  })
  const dnOf = (index: number) => `uid=u${String(index).padStart(6, '0')},ou=people,${slapd.suffix}`

  test('counts for each of them, and so does the group around it', async () => {
    const person = await tenant.directories.get('main')?.find({
      base: onlyBranch(tenant.uses.desk).base,
      filter: filter`(uid=u004000)`,
      attributes: ['*'],
      limit: 1,
    })
    const [entry] = person?.entries ?? []
    if (entry === undefined) throw new Error('nobody')
    const names = (await groupsOf(tenant.uses.groups, entry)).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['big', 'around']))
  })

  test('has them all, each once', async () => {
    const branch = onlyBranch(tenant.uses.groups)
    const [group] = await findAll(branch, filter`(cn=big)`, memberAttributes)
    if (group === undefined) throw new Error('no group')
    const members = await membersOf(branch.directory, group)
    expect(new Set(members.map((member) => ('dn' in member ? member.dn : ''))).size).toBe(MEMBERS)
  })
})

function onlyBranch(branches: readonly Branch[]): Branch {
  const [branch] = branches
  if (branch === undefined) throw new Error('no branch')
  return branch
}
