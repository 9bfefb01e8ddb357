import { expect, test } from 'vitest'
import { codeAs, dnOf, suffix } from './peers.ts'
import {
  as,
  bindAs,
  bothPeers,
  byApp,
  change,
  inTurn,
  less,
  longAgo,
  more,
  passwd,
  read,
  set,
  type Case,
} from './side-by-side.ts'

const cases: Case[] = [
  ['by exop', inTurn(passwd('eva', 'new-password-1'), bindAs('eva'), bindAs('eva', 'new-password-1'))],
  ['with the old one', passwd('fay', 'new-password-1', 'pw-fay')],
  ['with a wrong old one', passwd('gil', 'new-password-1', 'wrong')],
  ['too short', passwd('gil', 'short')],
  ['the same again', passwd('gil', 'pw-gil')],
  [
    'an old one again',
    inTurn(
      passwd('hal', 'new-password-1'),
      (peer) =>
        codeAs(peer, { dn: dnOf('hal'), password: 'new-password-1' }, (c, controls) =>
          c.passwordModify({ newPassword: 'pw-hal-' }, controls),
        ),
      (peer) =>
        codeAs(peer, { dn: dnOf('hal'), password: 'new-password-1' }, (c, controls) =>
          c.passwordModify({ newPassword: 'new-password-1' }, controls),
        ),
    ),
  ],
  ['not allowed to its owner', passwd('strict', 'new-password-1')],
  ['without the old one, where it is wanted', passwd('safe', 'new-password-1')],
  ['with the old one, where it is wanted', passwd('safe', 'new-password-1', 'pw-safe')],
  ['too young', passwd('young', 'new-password-1', 'pw-young')],
  [
    'after a reset',
    inTurn(
      passwd('reset2', 'new-password-1'),
      bindAs('reset2', 'new-password-1'),
      read('reset2', 'pwdReset'),
    ),
  ],
  [
    'after a reset nothing else',
    (peer) =>
      codeAs(peer, as('reset3'), async (c, controls) => [
        await Promise.all(
          [c.searchAll({ base: suffix, ...controls }), c.compare(dnOf('ann'), 'cn', 'x')].map((act) =>
            act.then(
              () => 0,
              (error: { code: number }) => error.code,
            ),
          ),
        ),
        await c.whoAmI(),
        (await c.passwordModify({ newPassword: 'new-password-2' })).code,
        (await c.searchAll({ base: suffix, scope: 'base' })).entries.length,
      ]),
  ],
  [
    'after a reset nothing else, and why',
    (peer) =>
      codeAs(peer, as('reset'), (c, controls) =>
        c.modify(dnOf('reset'), [set('description', 'x')], controls),
      ),
  ],
  [
    'by modify',
    inTurn(
      (peer) =>
        codeAs(peer, as('ida'), (c, controls) =>
          c.modify(dnOf('ida'), [set('userPassword', 'new-password-1')], controls),
        ),
      bindAs('ida', 'new-password-1'),
    ),
  ],
  [
    'by delete and add',
    inTurn(
      (peer) =>
        codeAs(peer, as('jim'), (c, controls) =>
          c.modify(
            dnOf('jim'),
            [less('userPassword', 'pw-jim'), more('userPassword', 'new-password-1')],
            controls,
          ),
        ),
      bindAs('jim', 'new-password-1'),
    ),
  ],
  [
    'by delete of a wrong one and add',
    (peer) =>
      codeAs(peer, as('kim'), (c, controls) =>
        c.modify(
          dnOf('kim'),
          [less('userPassword', 'wrong'), more('userPassword', 'new-password-1')],
          controls,
        ),
      ),
  ],
  ['a second one', change('kim', more('userPassword', 'new-password-1'))],
  [
    'of somebody else',
    (peer) =>
      codeAs(peer, as('ann'), (c) => c.passwordModify({ user: dnOf('leo'), newPassword: 'new-password-1' })),
  ],
  [
    'by nobody',
    (peer) =>
      codeAs(peer, undefined, (c) => c.passwordModify({ user: dnOf('leo'), newPassword: 'new-password-1' })),
  ],
  [
    'by the service',
    inTurn(
      byApp((c) => c.passwordModify({ user: dnOf('leo'), newPassword: 'new-password-1' })),
      bindAs('leo', 'new-password-1'),
    ),
  ],
  ['too short by the service', byApp((c) => c.passwordModify({ user: dnOf('max'), newPassword: 'short' }))],
  [
    'of nobody by the service',
    byApp((c) => c.passwordModify({ user: dnOf('nobody'), newPassword: 'new-password-1' })),
  ],
  [
    'a reset by the service with must-change',
    inTurn(
      change('max', set('userPassword', 'new-password-1'), set('pwdReset', 'TRUE')),
      bindAs('max', 'new-password-1'),
      read('max', 'pwdReset', 'pwdAccountLockedTime'),
    ),
  ],
  [
    'a reset lifts the lock',
    inTurn(
      change('nat', set('pwdAccountLockedTime', '000001010000Z')),
      bindAs('nat'),
      byApp((c) => c.passwordModify({ user: dnOf('nat'), newPassword: 'new-password-1' })),
      bindAs('nat', 'new-password-1'),
    ),
  ],
  [
    'unlock by delete',
    inTurn(
      bindAs('ola', 'a'),
      bindAs('ola', 'b'),
      bindAs('ola', 'c'),
      change('ola', less('pwdAccountLockedTime')),
      bindAs('ola', 'd'),
      bindAs('ola'),
      change('ola', less('pwdAccountLockedTime')),
    ),
  ],
  [
    'unlock by an empty replace keeps the count',
    inTurn(
      bindAs('pat', 'a'),
      bindAs('pat', 'b'),
      bindAs('pat', 'c'),
      change('pat', set('pwdAccountLockedTime')),
      bindAs('pat', 'd'),
      bindAs('pat'),
    ),
  ],
  [
    'unlock and new password in one',
    inTurn(
      change('quy', set('pwdAccountLockedTime', '000001010000Z')),
      change('quy', less('pwdAccountLockedTime'), set('userPassword', 'new-password-1')),
      bindAs('quy', 'new-password-1'),
    ),
  ],
  ['what only the server writes', change('ray', less('pwdFailureTime')), '19'],
  ['what no schema has', change('ray', set('pwdAccountDisabled', longAgo)), '17'],
]

const onBoth = bothPeers()

test.each(cases)('a new password %s', async (_, run, expected) => {
  const { embedded, slapd } = await onBoth(run)
  expect(embedded).toEqual(slapd)
  expect(slapd).toEqual(expected ?? slapd)
})
