import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findAll, type Branch } from '../../src/directory/branch.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { groupsOf } from '../../src/directory/groups.ts'
import { memberAttributes, membersOf } from '../../src/directory/members.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { filter } from '../../src/ldap/filter.ts'
import { bigGroupSize, personDn } from '../support/samba-ad-ldif.ts'
import { sambaServer, type SambaServer } from './samba-server.ts'

let server: SambaServer
let directory: Directory
let branches: Branch[]
beforeAll(async () => {
  server = await sambaServer()
  directory = openDirectory(server.config, 'active-directory')
  branches = [{ directory, base: toDn(server.ad.baseDn), filter: directory.groups }]
})
afterAll(async () => {
  await directory.close()
  await server.stop()
})

async function groupsOfPerson(index: number): Promise<string[]> {
  const entry = await directory.read(toDn(personDn(index)), ['*'])
  if (entry === null) throw new Error('nobody')
  return (await groupsOf(branches, entry)).map(({ name }) => name).toSorted()
}

describe('groups on Samba AD', () => {
  test('count through groups that hold them, and so does the primary group, which names no members', async () => {
    const names = await groupsOfPerson(1)
    expect(names).toEqual(expect.arrayContaining(['inner', 'middle', 'outer', 'Domain Users', 'Users']))
    expect(names).not.toContain('big')
  })

  test('in a loop count once, and end', async () => {
    const names = await groupsOfPerson(2)
    expect(names.filter((name) => name.startsWith('loop'))).toEqual(['loop-a', 'loop-b'])
  })

  test('have all their members, though the controller gives 1,500 at a time', async () => {
    const [group] = await findAll(branches[0] ?? neverBranch(), filter`(cn=big)`, memberAttributes)
    if (group === undefined) throw new Error('no group')
    const dns = (await membersOf(directory, group)).map((member) => ('dn' in member ? member.dn : ''))
    expect(new Set(dns).size).toBe(bigGroupSize)
  })
})

function neverBranch(): never {
  throw new Error('no branch')
}
