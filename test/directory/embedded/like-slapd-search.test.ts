import { expect, test } from 'vitest'
import { app, codeAs, dnOf, suffix } from './peers.ts'
import { as, bothPeers, byApp, find, inTurn, ou, type Case } from './side-by-side.ts'

const cases: Case[] = [
  ['by login', find('(uid=ANN)')],
  ['by part', find('(cn=*nn per*)', ou('people'), 'cn')],
  ['by an attribute that no schema has', find('(nosuch=x)')],
  ['by not an attribute that no schema has', find('(!(nosuch=x))')],
  ['by presence', find('(pwdAccountLockedTime=*)', ou('people'), '1.1')],
  ['by class', find('(objectClass=device)', suffix, 'cn')],
  ['by time', find('(pwdEndTime<=20260101000000Z)', suffix, '1.1')],
  ['by the first letter', find('(&(objectClass=person)(uid=a*))', suffix, 'uid', 'sn')],
  ['by anything, in groups', find('(objectClass=*)', ou('services'), 'name')],
  ['with subtypes', find('(name=ann person)', suffix, 'name')],
  ['by an empty substring', find('(cn=**)', ou('policies'))],
  ['by extensible match', find('(ou:dn:=people)', ou('people'), '1.1')],
  ['below nothing', find('(uid=ann)', ou('nowhere')), '32'],
  ['outside', find('(uid=ann)', 'dc=other'), '32'],
  ['by nobody', (peer) => codeAs(peer, undefined, (c) => c.searchAll({ base: suffix })), '32'],
  [
    'with a limit',
    (peer) =>
      codeAs(peer, app, async (c) => {
        const { entries, outcome } = await c.searchAll({ base: suffix, sizeLimit: 3 })
        return [entries.length, outcome.code]
      }),
    '[3,4]',
  ],
  [
    'a password by a user',
    (peer) =>
      codeAs(peer, as('ann'), async (c) =>
        (await c.searchAll({ base: dnOf('ben'), attributes: ['userPassword', 'cn'] })).entries.map(
          (entry) => [...entry.attributes.keys()],
        ),
      ),
  ],
  [
    'with a critical control that is unknown',
    (peer) =>
      codeAs(peer, app, (c) => c.searchAll({ base: suffix, controls: [{ oid: '1.2.3.4', critical: true }] })),
    '12',
  ],
  [
    'with an unknown control',
    (peer) =>
      codeAs(
        peer,
        app,
        async (c) =>
          (
            await c.searchAll({
              base: suffix,
              scope: 'base',
              controls: [{ oid: '1.2.3.4', critical: false }],
            })
          ).entries.length,
      ),
    '1',
  ],
  ['an unknown extended operation', byApp((c) => c.extended('1.2.3.4')), '2'],
  [
    'who am I',
    inTurn(
      byApp((c) => c.whoAmI()),
      (peer) => codeAs(peer, undefined, (c) => c.whoAmI()),
    ),
  ],
]

const onBoth = bothPeers()

test.each(cases)('a search %s', async (_, run, expected) => {
  const { embedded, slapd } = await onBoth(run)
  expect(embedded).toEqual(slapd)
  expect(slapd).toEqual(expected ?? slapd)
})
