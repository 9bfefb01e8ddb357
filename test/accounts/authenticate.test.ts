import { describe, expect, test } from 'vitest'
import { addressBlock } from '../../src/accounts/address-limit.ts'
import { findByLogin } from '../../src/accounts/find-entry.ts'
import { createRefusalTime } from '../../src/accounts/refusal-time.ts'
import { formatGeneralizedTime } from '../../src/ldap/generalized-time.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { createRedisStore } from '../../src/store/redis.ts'
import { areaUnderCurve, chanceOf } from '../support/auc.ts'
import { arbitraryLogins } from './arbitrary-logins.ts'
import { useAccounts } from './use-accounts.ts'

// Hashed as slow as real directories do: what answers without a hash would stand out.
const accounts = useAccounts({
  slapd: { passwordHash: '{ARGON2}', seed: { people: 40, argon2: true } },
  changes: { signIn: { maxFailuresPerAccount: 5, maxFailuresPerAddress: 15 } },
})
const { signIn, trace, modify, open, setup } = accounts

const refused = { outcome: 'refused', reason: 'wrong' }
/** Addresses that nothing else was tried from. */
let lastAddress = 0
const freshAddress = () => `198.51.100.${++lastAddress}`

/** As the directory's policy does after too many failures. */
const lockOut = (login: string) =>
  modify(login, `replace: pwdAccountLockedTime\npwdAccountLockedTime: ${formatGeneralizedTime(new Date())}`)

describe('a sign-in', () => {
  test('lets the right password in, in any spelling of the login that the directory takes', async () => {
    for (const login of ['alice', 'ALICE', ' alice ']) {
      const { outcome } = await signIn({ login, password: 'pw-alice' })
      expect(outcome).toBe('signed-in')
    }
  })

  test('says that a password must be changed: expired, or reset by an agent', async () => {
    await modify('u000010', 'replace: pwdReset\npwdReset: TRUE')
    expect(await signIn({ login: 'u000010', password: 'pw-u000010' })).toMatchObject({
      outcome: 'must-change',
      why: 'reset',
    })
  })

  test('is never tried with an empty password, which servers take for anonymous', async () => {
    expect(await signIn({ login: 'ada', password: '', address: freshAddress() })).toEqual(refused)
    expect(await accounts.attribute('ada', 'pwdFailureTime')).toBeNull()
  })

  test('refuses whom we shut out although the server lets them in, as if the password were wrong', async () => {
    // A policy that is not there: slapd enforces no dates then.
    await modify('u000012', 'replace: pwdPolicySubentry\npwdPolicySubentry: cn=nowhere,dc=example,dc=org')
    await modify('u000012', 'replace: pwdEndTime\npwdEndTime: 20200101000000Z')
    const { branch, entry } =
      (await findByLogin(setup().tenant, 'signIn', 'u000012', () => ['entryUUID'])) ?? {}
    const bound = await branch?.directory.verifyPassword(toDn(entry?.dn ?? ''), 'pw-u000012')
    expect(bound?.outcome).toBe('accepted')
    expect(await signIn({ login: 'u000012', password: 'pw-u000012' })).toEqual(refused)
  })

  test('of a login that two entries have picks nobody', async () => {
    const branches = ['people', 'twins'].map((ou) => ({
      directory: 'main',
      base: `ou=${ou},dc=example,dc=org`,
    }))
    await accounts.add(`dn: ou=twins,dc=example,dc=org
objectClass: organizationalUnit

dn: uid=jndherve,ou=twins,dc=example,dc=org
objectClass: inetOrgPerson
sn: D'HERVÉ
cn: Jean-Noël
userPassword: pw-jndherve
`)
    const tenant = open({ uses: { signIn: branches, whitePages: [], desk: [], groups: [] } })
    const given = { login: 'jndherve', password: 'pw-jndherve', address: freshAddress() }
    expect(await signIn(given, { tenant })).toEqual(refused)
  })

  test('leaves what came of it in the audit, and nothing of a login that nobody has', async () => {
    await signIn({ login: 'zoeuvrard', password: 'wrong', address: freshAddress() })
    await signIn({ login: 'zoeuvrard', password: 'pw-zoeuvrard' })
    expect(await trace('zoeuvrard', 'sign-in')).toEqual(['refused wrong', 'done'])
    await signIn({ login: 'my-secret-typed-as-login', password: 'wrong', address: freshAddress() })
    const { items } = await setup().audit.list('acme', { action: 'sign-in', limit: 1 })
    expect(items).toMatchObject([{ actor: { kind: 'anonymous' }, result: 'refused' }])
    expect(JSON.stringify(items)).not.toContain('my-secret')
  })
})

describe('limits of guesses', () => {
  test('of a hundred guesses at once on two replicas, exactly as many are tried as the policy allows', async () => {
    const { ephemeral, second } = setup()
    const tries = Array.from({ length: 100 }, (_, n) =>
      signIn({ login: 'u000011', address: `203.0.113.${n}` }, { store: n % 2 === 0 ? ephemeral : second }),
    )
    const results = await Promise.allSettled(tries)
    const codes = results.map((one) => (one.status === 'rejected' ? String(one.reason.code) : 'tried'))
    expect(codes.filter((code) => code === 'tried')).toHaveLength(5)
    expect(codes.filter((code) => code === 'too-many-attempts')).toHaveLength(95)
    expect(await trace('u000011', 'sign-in')).toHaveLength(5)
  })

  test('no spelling of a login brings new tries, and none is told from an unknown one', async () => {
    await accounts.add(`dn: uid=mimi,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
sn: Mimi
cn: Mimi
userPassword: pw-mimi
`)
    // slapd takes the capital I with a dot (U+0130) for an i.
    expect(await findByLogin(setup().tenant, 'signIn', 'm\u0130mi', () => ['entryUUID'])).not.toBeNull()
    for (const name of ['mimi', 'nobody is it']) {
      const dotted = name.replaceAll('i', '\u0130')
      const spellings = [name, name.toUpperCase(), ` ${name}  `, name.replaceAll(' ', '   '), dotted]
      const codes: string[] = []
      for (let n = 0; n < 8; n++) {
        const login = spellings[n % spellings.length] ?? name
        const code = await signIn({ login, address: `203.0.113.${n}` }).then(
          () => 'tried',
          (error: { code: string }) => error.code,
        )
        codes.push(code)
      }
      expect(codes.filter((code) => code === 'tried')).toHaveLength(5)
    }
  })

  test('a right password takes the guesses before it back', async () => {
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 4; n++) await signIn({ login: 'tlnguyen', address: freshAddress() })
      await modify('tlnguyen', 'delete: pwdFailureTime').catch(() => {})
      await modify('tlnguyen', 'delete: pwdAccountLockedTime').catch(() => {})
      const right = await signIn({ login: 'tlnguyen', password: 'pw-tlnguyen', address: freshAddress() })
      expect(right.outcome).toBe('signed-in')
    }
  })

  test('an address may fail so often, at all replicas together, whichever logins it tries', async () => {
    const address = freshAddress()
    const { ephemeral, second } = setup()
    const now = new Date('2026-11-25T10:05:00Z')
    const tries = Array.from({ length: 40 }, (_, n) =>
      signIn({ login: `nobody-${n}`, address }, { now, store: n % 2 === 0 ? ephemeral : second }),
    )
    const done = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled')
    expect(done).toHaveLength(15)
    await expect(signIn({ login: 'alice', password: 'pw-alice', address }, { now })).rejects.toMatchObject({
      code: 'too-many-attempts',
      retryAfter: 600,
    })
    const later = new Date('2026-11-25T10:15:00Z')
    const next = await signIn({ login: 'alice', password: 'pw-alice', address }, { now: later })
    expect(next.outcome).toBe('signed-in')
  })

  test('people who sign in rightly behind one address are not limited', async () => {
    const address = freshAddress()
    for (let n = 0; n < 20; n++) {
      const { outcome } = await signIn({ login: 'alice', password: 'pw-alice', address })
      expect(outcome).toBe('signed-in')
    }
  })

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['2001:0DB8:0000:0001:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('the address %s counts as %s', (address, block) => {
    expect(addressBlock(address)).toBe(block)
  })

  test('nobody gets in while limits cannot be counted', async () => {
    const away = createRedisStore('redis://127.0.0.1:1', { timeout: 200 })
    const given = { login: 'alice', password: 'pw-alice', address: freshAddress() }
    await expect(signIn(given, { store: away })).rejects.toMatchObject({ code: 'store-unavailable' })
    await away.close()
  })
})

describe('who does not know the password', () => {
  test('cannot tell an unknown login, a locked account and a wrong password apart by time', async () => {
    const refusalTime = createRefusalTime()
    const took = async (login: string) => {
      const started = performance.now()
      const result = await signIn({ login, address: freshAddress() }, { refusalTime })
      expect(result.outcome).toBe('refused')
      return performance.now() - started
    }
    const times: Record<'wrong' | 'unknown' | 'locked', number[]> = { wrong: [], unknown: [], locked: [] }
    for (let index = 16; index < 24; index++) {
      const [login, locked] = [`u0000${index}`, `u0000${index + 12}`]
      await lockOut(locked)
      for (let n = 0; n < 3; n++) {
        // The three at once: what disturbs one disturbs all.
        const kinds = shuffled(['wrong', 'unknown', 'locked'] as const)
        const logins = { wrong: login, unknown: `nobody-${login}`, locked }
        await Promise.all(kinds.map(async (kind) => times[kind].push(await took(logins[kind]))))
      }
    }
    for (const other of [times.unknown, times.locked]) {
      const off = Math.abs(areaUnderCurve(times.wrong, other) - 0.5)
      expect(off).toBeLessThan(4 * chanceOf(times.wrong.length, other.length))
    }
  }, 60_000)

  test(
    'finds nobody by 10,000 texts that are no login, and none of them is an error',
    { timeout: 60_000 },
    async () => {
      const { tenant } = setup()
      const logins = arbitraryLogins(10_000)
      for (let from = 0; from < logins.length; from += 100) {
        const found = await Promise.all(
          logins.slice(from, from + 100).map((login) => findByLogin(tenant, 'signIn', login, () => ['uid'])),
        )
        expect(found.filter((one) => one !== null)).toEqual([])
      }
    },
  )
})

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
