import { expect, test } from 'vitest'
import { codeAs, dnOf, person, suffix } from './peers.ts'
import { add, as, bothPeers, byApp, change, find, inTurn, ou, read, set, type Case } from './side-by-side.ts'

const cases: Case[] = [
  ['add', inTurn(add(dnOf('new1'), person('new1')), read('new1', '+', '*'))],
  ['add again', add(dnOf('ann'), person('ann2', { uid: 'ann' })), '68'],
  ['add without sn', add(dnOf('new2'), { objectClass: 'inetOrgPerson', uid: 'new2', cn: 'x' }), '65'],
  ['add without a class', add(dnOf('new2'), { uid: 'new2', cn: 'x' }), '65'],
  ['add with an unknown class', add(dnOf('new2'), { objectClass: 'wizard', uid: 'new2' })],
  [
    'add with only an auxiliary class',
    add(dnOf('new2'), {
      objectClass: 'posixAccount',
      uid: 'new2',
      cn: 'x',
      uidNumber: '1',
      gidNumber: '1',
      homeDirectory: '/',
    }),
  ],
  [
    'add with two structural classes',
    add(dnOf('new2'), {
      objectClass: ['inetOrgPerson', 'organizationalUnit'],
      uid: 'new2',
      cn: 'x',
      sn: 'x',
      ou: 'x',
    }),
  ],
  ['add with an attribute of no class', add(dnOf('new2'), person('new2', { dc: 'x' }))],
  ['add with an unknown attribute', add(dnOf('new2'), person('new2', { nosuch: 'x' })), '17'],
  [
    'add with a value that is no number',
    add(dnOf('new2'), {
      ...person('new2'),
      objectClass: ['inetOrgPerson', 'posixAccount'],
      uidNumber: 'x',
      gidNumber: '1',
      homeDirectory: '/',
    }),
  ],
  ['add with two values for one', add(dnOf('new2'), { ...person('new2'), displayName: ['a', 'b'] })],
  ['add with the same value twice', add(dnOf('new2'), { ...person('new2'), description: ['a', 'A'] })],
  ['add with an empty value', add(dnOf('new2'), { ...person('new2'), description: '' })],
  [
    'add with entryUUID',
    add(dnOf('new2'), person('new2', { entryUUID: '32713b37-778c-4c85-aa85-23f626606c03' })),
  ],
  [
    'add without its own name',
    inTurn(add(dnOf('new3'), { objectClass: 'inetOrgPerson', cn: 'x', sn: 'x' }), read('new3')),
  ],
  ['add with another name', add(dnOf('new4'), person('other'))],
  ['add below nothing', add(`uid=x,ou=nowhere,${suffix}`, person('x')), '32'],
  ['add outside', add('uid=x,dc=other', person('x')), '53'],
  ['add with a DN that is none', add('nonsense', person('x')), '34'],
  ['add a login that exists', add(`cn=x,${ou('people')}`, { ...person('x'), uid: 'ANN', cn: 'x' }), '19'],
  ['add a mail address that exists', add(dnOf('new5'), person('new5', { mail: 'Ann@Example.org' })), '19'],
  [
    'add by a user',
    (peer) =>
      codeAs(peer, as('ann'), (c) => c.add(`cn=x,${ou('other')}`, { objectClass: ['device'], cn: ['x'] })),
    '50',
  ],
  [
    'add by nobody',
    (peer) => codeAs(peer, undefined, (c) => c.add(dnOf('x'), { objectClass: ['device'], cn: ['x'] })),
    '8',
  ],
  [
    'compare',
    inTurn(
      byApp((c) => c.compare(dnOf('ann'), 'cn', 'ANN person')),
      byApp((c) => c.compare(dnOf('ann'), 'cn', 'x')),
      byApp((c) => c.compare(dnOf('ann'), 'title', 'x')),
      byApp((c) => c.compare(dnOf('ann'), 'nosuch', 'x')),
      byApp((c) => c.compare(dnOf('nobody'), 'cn', 'x')),
    ),
  ],
  [
    'delete',
    inTurn(
      add(dnOf('gone'), person('gone')),
      byApp((c) => c.delete(dnOf('gone'))),
      byApp((c) => c.delete(dnOf('gone'))),
    ),
  ],
  ['delete with children', byApp((c) => c.delete(ou('people'))), '66'],
  [
    'rename',
    inTurn(
      byApp((c) => c.modifyDn(dnOf('vic'), { newRdn: 'uid=victor' })),
      read('victor'),
      read('vic'),
    ),
  ],
  [
    'rename and keep the old name',
    inTurn(
      add(dnOf('ren1'), person('ren1')),
      byApp((c) => c.modifyDn(dnOf('ren1'), { newRdn: 'uid=ren2', deleteOldRdn: false })),
      read('ren1'),
    ),
  ],
  ['rename to what exists', byApp((c) => c.modifyDn(ou('other'), { newRdn: 'ou=people' })), '68'],
  ['rename to itself', byApp((c) => c.modifyDn(dnOf('ann'), { newRdn: 'uid=ANN' }))],
  [
    'rename to another attribute',
    inTurn(
      add(dnOf('ren3'), person('ren3')),
      byApp((c) => c.modifyDn(dnOf('ren3'), { newRdn: 'cn=Ren+sn=Three' })),
      find('(cn=Ren)'),
    ),
  ],
  ['rename to an attribute of no class', byApp((c) => c.modifyDn(dnOf('ann'), { newRdn: 'dc=ann' }))],
  ['rename to nonsense', byApp((c) => c.modifyDn(dnOf('ann'), { newRdn: 'nonsense' })), '34'],
  [
    'move',
    inTurn(
      add(dnOf('mov1'), person('mov1')),
      byApp((c) => c.modifyDn(dnOf('mov1'), { newRdn: 'uid=mov1', newSuperior: ou('other') })),
      find('(uid=mov1)'),
    ),
  ],
  [
    'move below nothing',
    byApp((c) => c.modifyDn(dnOf('ann'), { newRdn: 'uid=ann', newSuperior: ou('nowhere') })),
    '32',
  ],
  [
    'a group follows its members',
    inTurn(
      add(`cn=team,${ou('groups')}`, {
        objectClass: 'groupOfNames',
        cn: 'team',
        member: [dnOf('wim'), dnOf('ann')],
      }),
      add(dnOf('boss'), person('boss')),
      change('wim', set('manager', dnOf('boss'))),
      read('wim', 'memberOf', 'manager'),
      byApp((c) => c.modifyDn(dnOf('wim'), { newRdn: 'uid=willem' })),
      byApp((c) => c.modifyDn(dnOf('boss'), { newRdn: 'uid=chief' })),
      find(`(member=${dnOf('willem')})`),
      find(`(manager=${dnOf('chief')})`),
      find(`(memberOf=cn=team,${ou('groups')})`),
      byApp((c) => c.delete(dnOf('willem'))),
      find(`(member=${dnOf('willem')})`),
      byApp((c) => c.compare(`cn=team,${ou('groups')}`, 'member', dnOf('ann'))),
    ),
  ],
]

const onBoth = bothPeers()

test.each(cases)('%s', async (_, run, expected) => {
  const { embedded, slapd } = await onBoth(run)
  expect(embedded).toEqual(slapd)
  expect(slapd).toEqual(expected ?? slapd)
})
