import { expect, test } from 'vitest'
import { Permit } from '../../src/access/permit.ts'
import { groupDn, useDesk } from '../accounts/use-desk.ts'

const people = 'ou=people,dc=example,dc=org'
const group = (name: string, lines: string, kind = 'groupOfNames') =>
  `dn: ${groupDn(name)}\nchangetype: add\nobjectClass: ${kind}\ncn: ${name}\n${lines}\n\n`
const person = (login: string) => `uid=${login},${people}`

const desk = useDesk({
  ldif: [
    group('inner', `member: ${person('alice')}\nmember: ${groupDn('outer')}`),
    group('middle', `member: ${groupDn('inner')}`),
    group('outer', `member: ${groupDn('middle')}`),
    group('unique', `uniqueMember: ${person('jndherve')}`, 'groupOfUniqueNames'),
    group(
      'by-name',
      `memberURL: ldap:///${people}??sub?(&(sn=ŒUVRARD)(objectClass=inetOrgPerson))`,
      'groupOfURLs',
    ),
    group('elsewhere', `memberURL: ldap:///ou=other,dc=example,dc=org??sub?(sn=ŒUVRARD)`, 'groupOfURLs'),
    group('unreadable', 'memberURL: ldap:///not a dn??sub?((', 'groupOfURLs'),
    group('unix', 'gidNumber: 10\nmemberUid: jndherve', 'posixGroup'),
    group('holds-dynamic', `member: ${groupDn('by-name')}`),
  ].join(''),
  changes: {
    uses: {
      signIn: [{ directory: 'main', base: people }],
      desk: [{ directory: 'main', base: people }],
      groups: [{ directory: 'main', base: 'ou=groups,dc=example,dc=org' }],
    },
    roles: [
      'inner',
      'middle',
      'outer',
      'unique',
      'by-name',
      'elsewhere',
      'unreadable',
      'holds-dynamic',
      'unix',
      'loop-a',
      'loop-b',
    ].map((name, index) => ({
      name,
      groups: [groupDn(name)],
      permissions: ['account.read' as const],
      rank: index + 1,
    })),
  },
})

const rolesOf = async (login: string) => (await desk.actor(login)).roles.map(({ name }) => name)

test('a group in a group in a group gives the role of each, and a loop among them ends', async () => {
  expect(await rolesOf('alice')).toEqual(['inner', 'middle', 'outer', 'loop-a', 'loop-b'])
})

test('a dynamic group gives its role, and that of a group that holds it, to whom its rule selects', async () => {
  expect(await rolesOf('zoeuvrard')).toEqual(['by-name', 'holds-dynamic'])
})

test('groups of the other kind count as well', async () => {
  expect(await rolesOf('jndherve')).toEqual(['unique', 'unix'])
})

test('who is in no group has no role, and no permit', async () => {
  const actor = await desk.actor('tlnguyen')
  expect(actor.roles).toEqual([])
  expect(() => Permit.for(actor, 'account.read')).toThrow(expect.objectContaining({ code: 'not-permitted' }))
})

test('a changed rule holds within seconds', async () => {
  await desk.change(
    `dn: ${groupDn('by-name')}\nchangetype: modify\nreplace: memberURL\nmemberURL: ldap:///${people}??sub?(sn=NGUYỄN)\n`,
  )
  await expect.poll(() => rolesOf('tlnguyen'), { timeout: 5_000 }).toEqual(['by-name', 'holds-dynamic'])
})
