import { expect, test } from 'vitest'
import { bindCode, codeAs } from './peers.ts'
import { bindAs, bothPeers, inTurn, ou, read, type Case } from './side-by-side.ts'

const cases: Case[] = [
  ['the right password', bindAs('ann'), '0'],
  ['a wrong password', bindAs('ben', 'wrong'), '49'],
  ['nobody', bindAs('nobody'), '49'],
  [
    'anonymous',
    (peer) => codeAs(peer, undefined, (connection) => connection.bind({ dn: '', password: '' })),
    '0',
  ],
  ['no name but a password', (peer) => bindCode(peer, '', 'x'), '49'],
  ['a DN that is none', (peer) => bindCode(peer, 'nonsense', 'x'), '34'],
  [
    'the DN in another spelling',
    (peer) => bindCode(peer, 'UID=ANN, OU=People,DC=example,dc=org', 'pw-ann'),
    '0',
  ],
  ['an entry without a password', (peer) => bindCode(peer, ou('people'), 'x'), '49'],
  ['locked for ever', bindAs('locked'), '49 {"error":"accountLocked"}'],
  ['a lock that lies in the future', bindAs('lockedlater'), '0'],
  ['a lock that is over', inTurn(bindAs('lockedonce'), read('lockedonce', 'pwdAccountLockedTime'))],
  ['before the start', bindAs('early'), '49 {"error":"accountLocked"}'],
  ['after the end', bindAs('late')],
  ['an end in 9999', bindAs('end9999'), '49 {"error":"accountLocked"}'],
  ['a start in 9999', bindAs('start9999'), '0'],
  [
    'a password that expires in a day',
    // The two may answer in different seconds.
    async (peer) =>
      (await bindAs('expiring')(peer)).replace(
        /\d{5}/,
        (seconds) => `${Math.round(Number(seconds) / 100)}00`,
      ),
    '0 {"expiresIn":86400}',
  ],
  ['after the end, without lockout', bindAs('lateopen')],
  ['locked, without lockout', bindAs('lockedopen'), '0'],
  ['the password of another system', bindAs('sasl', 'x')],
  ['a closed hash', bindAs('closed'), '49'],
  ['three failures lock', inTurn(bindAs('cat', 'a'), bindAs('cat', 'b'), bindAs('cat', 'c'), bindAs('cat'))],
  [
    'failures end with a right password',
    inTurn(bindAs('dan', 'a'), bindAs('dan', 'b'), bindAs('dan'), bindAs('dan', 'c'), bindAs('dan')),
  ],
  ['must change', bindAs('reset'), '0 {"error":"changeAfterReset"}'],
  ['must change, but the policy does not say so', bindAs('resetopen'), '0'],
  [
    'expired, twice more',
    inTurn(bindAs('expired'), bindAs('expired'), bindAs('expired'), bindAs('expired', 'wrong')),
  ],
  [
    'expired, no more',
    inTurn(bindAs('expiredout'), bindAs('expiredout', 'wrong')),
    ['49 {"error":"passwordExpired"}', '49'],
  ],
]

const onBoth = bothPeers()

test.each(cases)('a bind with %s', async (_, run, expected) => {
  const { embedded, slapd } = await onBoth(run)
  expect(embedded).toEqual(slapd)
  expect(slapd).toEqual(expected ?? slapd)
})
