import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AcceptedPassword } from '../../src/directory/accepted-password.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openOpenLdap } from '../../src/directory/openldap/open-openldap.ts'
import { dn, toDn, type Dn } from '../../src/ldap/dn.ts'
import { first } from '../../src/ldap/entry.ts'
import { filter } from '../../src/ldap/filter.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'

let slapd: Slapd
let directory: Directory

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 1500 } })
  directory = openDirectory()
})
afterAll(async () => {
  await directory.close()
  await slapd.stop()
})

function openDirectory(changes: object = {}): Directory {
  const [config] = testTenantConfig(slapd).directories
  if (config === undefined) throw new Error('no directory')
  return openOpenLdap({ ...config, ...changes })
}

const people = () => toDn(`ou=people,${slapd.suffix}`)
const person = (uid: string): Dn => dn`uid=${uid},${people()}`
const uidOf = (index: number) => `u${String(index).padStart(6, '0')}`
const modify = (uid: string, lines: string) =>
  ldapmodify(asRoot(slapd), `dn: ${person(uid)}\nchangetype: modify\n${lines}\n`)

async function state(uid: string, now = new Date()) {
  const entry = await directory.read(person(uid), directory.stateAttributes)
  if (entry === null) throw new Error(`no ${uid}`)
  return directory.accountState(entry, now)
}
const kinds = async (uid: string, now?: Date) => (await state(uid, now)).conditions.map((one) => one.kind)

function accepted(text: string): AcceptedPassword {
  const password = AcceptedPassword.accept(text, [])
  if (password === null) throw new Error('not accepted')
  return password
}

async function failFiveTimes(uid: string) {
  for (let i = 0; i < 5; i++) await directory.verifyPassword(person(uid), 'wrong')
}

describe('reading', () => {
  const all = () => ({ base: people(), filter: filter`(objectClass=inetOrgPerson)`, attributes: ['uid'] })

  it('gives at most so many entries and says that there are more', async () => {
    const some = await directory.find({ ...all(), limit: 10 })
    expect(some.entries).toHaveLength(10)
    expect(some.complete).toBe(false)
    const one = await directory.find({ ...all(), filter: filter`(uid=alice)`, limit: 10 })
    expect(one).toMatchObject({ complete: true })
    expect(one.entries.map((entry) => first(entry, 'uid'))).toEqual(['alice'])
  })

  it('lists everyone, beyond the size limit of the server', async () => {
    expect(await Array.fromAsync(directory.list(all()))).toHaveLength(1500)
  })

  it('reads an entry, or null where there is none', async () => {
    expect(first((await directory.read(person('alice'), ['sn'])) ?? neverEntry(), 'sn')).toBe('MARTIN')
    expect(await directory.read(person('nobody'), ['sn'])).toBeNull()
  })

  it('finds an entry by its immutable id after a rename', async () => {
    const entry = (await directory.read(person(uidOf(20)), [directory.idAttribute])) ?? neverEntry()
    const id = directory.idOf(entry)
    await ldapmodify(
      asRoot(slapd),
      `dn: ${person(uidOf(20))}\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1\n`,
    )
    const { entries } = await directory.find({ ...all(), filter: directory.idFilter(id), limit: 2 })
    expect(entries.map((found) => first(found, 'uid'))).toEqual(['renamed'])
  })

  it('finds what changed since a time', async () => {
    const before = new Date(Date.now() - 1000)
    await modify(uidOf(21), 'replace: title\ntitle: Changed')
    const changed = await Array.fromAsync(directory.changedSince(all(), before))
    expect(changed.map((entry) => first(entry, 'uid'))).toContain(uidOf(21))
    const later = new Date(Date.now() + 60_000)
    expect(await Array.fromAsync(directory.changedSince(all(), later))).toEqual([])
  })
})

function neverEntry(): never {
  throw new Error('no entry')
}

describe('proving a password', () => {
  it('accepts the right one and refuses a wrong one', async () => {
    expect(await directory.verifyPassword(person('alice'), 'pw-alice')).toMatchObject({
      outcome: 'accepted',
      mustChange: false,
    })
    expect(await directory.verifyPassword(person('alice'), 'wrong')).toEqual({
      outcome: 'refused',
      reason: 'wrong',
    })
  })

  it('refuses an empty one before anything is sent', async () => {
    await expect(directory.verifyPassword(person('alice'), '')).rejects.toMatchObject({
      kind: 'empty-password',
    })
  })

  it('accepts either Unicode form of what was set in one', async () => {
    await directory.setPassword(person(uidOf(30)), accepted('\u00e9t\u00e9 comme hiver'), {
      mustChange: false,
    })
    for (const form of ['NFC', 'NFD'] as const) {
      const check = await directory.verifyPassword(person(uidOf(30)), 'été comme hiver'.normalize(form))
      expect(check.outcome).toBe('accepted')
    }
  })

  it('says that an expired password is right, and nothing to a wrong one', async () => {
    const policy = `cn=strict,ou=policies,${slapd.suffix}`
    await ldapmodify(
      asRoot(slapd),
      `dn: ${policy}\nchangetype: add\nobjectClass: device\nobjectClass: pwdPolicy\ncn: strict\npwdAttribute: userPassword\npwdMaxAge: 1\npwdLockout: TRUE\n`,
    )
    await directory.setPassword(person(uidOf(31)), accepted('expires at once'), { mustChange: false })
    await modify(uidOf(31), `replace: pwdPolicySubentry\npwdPolicySubentry: ${policy}`)
    const expired = await until(
      () => directory.verifyPassword(person(uidOf(31)), 'expires at once'),
      'expired',
    )
    expect(expired).toEqual({ outcome: 'expired' })
    expect(await directory.verifyPassword(person(uidOf(31)), 'wrong')).toEqual({
      outcome: 'refused',
      reason: 'wrong',
    })
    expect(await kinds(uidOf(31))).toEqual(['password-expired'])
    expect(
      await directory.changePassword(person(uidOf(31)), 'expires at once', accepted('a new one')),
    ).toEqual({
      outcome: 'written',
    })
  })

  it('sees a lock after too many failures, as the server does', async () => {
    await failFiveTimes(uidOf(32))
    expect(await directory.verifyPassword(person(uidOf(32)), `pw-${uidOf(32)}`)).toEqual({
      outcome: 'refused',
      reason: 'locked',
    })
    const { conditions, canSignIn, failures } = await state(uidOf(32))
    expect(conditions).toMatchObject([{ kind: 'locked', by: 'policy', until: expect.any(Date) }])
    expect(canSignIn).toBe(false)
    expect(failures.length).toBeGreaterThan(0)
  })
})

async function until<T extends { outcome: string }>(check: () => Promise<T>, outcome: string): Promise<T> {
  const deadline = Date.now() + 5000
  for (;;) {
    const result = await check()
    if (result.outcome === outcome || Date.now() > deadline) return result
  }
}

describe('writing a password', () => {
  it('is done by the server, which stores a hash', async () => {
    await directory.setPassword(person(uidOf(40)), accepted('a fresh password'), { mustChange: false })
    const entry = (await directory.read(person(uidOf(40)), ['userPassword'])) ?? neverEntry()
    expect(first(entry, 'userPassword')).toMatch(/^\{SSHA\}/)
    expect(await directory.verifyPassword(person(uidOf(40)), 'a fresh password')).toMatchObject({
      outcome: 'accepted',
    })
  })

  it('makes the person choose another one at the next sign-in when asked to', async () => {
    await directory.setPassword(person(uidOf(41)), accepted('temporary one'), { mustChange: true })
    expect(await kinds(uidOf(41))).toEqual(['must-change'])
    expect(await directory.verifyPassword(person(uidOf(41)), 'temporary one')).toMatchObject({
      mustChange: true,
    })
    const changed = await directory.changePassword(
      person(uidOf(41)),
      'temporary one',
      accepted('my own choice'),
    )
    expect(changed).toEqual({ outcome: 'written' })
    expect(await directory.verifyPassword(person(uidOf(41)), 'my own choice')).toMatchObject({
      mustChange: false,
    })
  })

  it('gives the server’s reason for a refusal', async () => {
    const set = (text: string) =>
      directory.setPassword(person(uidOf(42)), accepted(text), { mustChange: false })
    expect(await set('short')).toEqual({ outcome: 'refused', reason: 'too-short' })
    await set('first password')
    await set('second password')
    expect(await set('first password')).toEqual({ outcome: 'refused', reason: 'in-history' })
  })

  it('refuses a change whose old password is wrong', async () => {
    const changed = await directory.changePassword(person(uidOf(43)), 'wrong', accepted('long enough'))
    expect(changed).toEqual({ outcome: 'refused', reason: 'old-password-wrong' })
  })

  it('keeps an agent’s lock through a reset, and lifts the policy’s', async () => {
    await directory.lock(person(uidOf(44)), new Date())
    await directory.setPassword(person(uidOf(44)), accepted('still locked out'), { mustChange: false })
    expect((await state(uidOf(44))).conditions).toEqual([{ kind: 'locked', by: 'agent' }])
    await failFiveTimes(uidOf(45))
    await directory.setPassword(person(uidOf(45)), accepted('open again now'), { mustChange: false })
    expect(await kinds(uidOf(45))).toEqual([])
  })

  it('touches no password of another system', async () => {
    for (const [index, value] of [
      [46, '{SASL}u@ad.example'],
      [47, '{SSHA}!c2FsdGVkaGFzaA=='],
    ] as const) {
      await modify(uidOf(index), `replace: userPassword\nuserPassword: ${value}`)
      const written = await directory.setPassword(person(uidOf(index)), accepted('long enough'), {
        mustChange: false,
      })
      expect(written).toEqual({ outcome: 'refused', reason: 'closed-elsewhere' })
      expect(await kinds(uidOf(index))).toContain('closed-elsewhere')
    }
  })
})

describe('the acts', () => {
  it('lock until unlocked, and forget the failures when unlocking', async () => {
    await failFiveTimes(uidOf(50))
    expect(await directory.unlock(person(uidOf(50)))).toBe('done')
    expect(await directory.unlock(person(uidOf(50)))).toBe('already-so')
    expect((await state(uidOf(50))).failures).toEqual([])
    expect(await directory.lock(person(uidOf(50)), new Date())).toBe('done')
    expect(await directory.lock(person(uidOf(50)), new Date())).toBe('already-so')
    expect((await directory.verifyPassword(person(uidOf(50)), `pw-${uidOf(50)}`)).outcome).toBe('refused')
    await directory.unlock(person(uidOf(50)))
    expect((await directory.verifyPassword(person(uidOf(50)), `pw-${uidOf(50)}`)).outcome).toBe('accepted')
  })

  it('disable, so that neither a reset nor the end date of an HR feed opens the account', async () => {
    expect(await directory.disable(person(uidOf(51)), new Date())).toBe('done')
    expect(await directory.disable(person(uidOf(51)), new Date())).toBe('already-so')
    await modify(uidOf(51), 'replace: pwdEndTime\npwdEndTime: 20301231235959Z')
    await directory.setPassword(person(uidOf(51)), accepted('not through here'), { mustChange: false })
    expect(await kinds(uidOf(51))).toEqual(['disabled'])
    expect((await directory.verifyPassword(person(uidOf(51)), 'not through here')).outcome).toBe('refused')
    expect(await directory.enable(person(uidOf(51)))).toBe('done')
    expect(await directory.enable(person(uidOf(51)))).toBe('already-so')
    expect((await directory.verifyPassword(person(uidOf(51)), 'not through here')).outcome).toBe('accepted')
  })

  it('refuse where the server has no policy that would enforce them', async () => {
    const lax = openDirectory({ defaultPolicy: undefined })
    expect(await lax.lock(person(uidOf(52)), new Date())).toBe('not-enforced')
    expect(await lax.disable(person(uidOf(52)), new Date())).toBe('not-enforced')
    const entry = (await lax.read(person(uidOf(52)), lax.stateAttributes)) ?? neverEntry()
    expect(await lax.accountState(entry, new Date())).toMatchObject({ enforced: false, canSignIn: true })
    await lax.close()
  })
})

describe('the state and the server', () => {
  const cases: [string, string, boolean][] = [
    ['no dates', '', true],
    ['a start tomorrow', `pwdStartTime: ${day(1)}`, false],
    ['a start yesterday', `pwdStartTime: ${day(-1)}`, true],
    ['an end yesterday', `pwdEndTime: ${day(-1)}`, false],
    ['an end tomorrow', `pwdEndTime: ${day(1)}`, true],
    ['an end in 9999, which wraps', 'pwdEndTime: 99991231235959Z', false],
    ['an end in 2105, which does not', 'pwdEndTime: 21051231235959Z', true],
    ['a start in 9999, which wraps', 'pwdStartTime: 99991231235959Z', true],
    ['a lock time in the future', `pwdAccountLockedTime: ${day(2)}`, true],
    ['a lock for ever', 'pwdAccountLockedTime: 000001010000Z', false],
    ['a lock that is over', `pwdAccountLockedTime: ${day(-1)}`, true],
  ]

  it.each(cases)('agree on %s', async (name, line, opens) => {
    const uid = uidOf(100 + cases.findIndex((one) => one[0] === name))
    if (line !== '') await modify(uid, `replace: ${line.split(':')[0]}\n${line}`)
    expect((await state(uid)).canSignIn).toBe(opens)
    const check = await directory.verifyPassword(person(uid), `pw-${uid}`)
    expect(check.outcome).toBe(opens ? 'accepted' : 'refused')
  })

  it('select at least those in the state, on the server', async () => {
    await directory.lock(person(uidOf(130)), new Date())
    await directory.disable(person(uidOf(131)), new Date())
    await directory.setPassword(person(uidOf(132)), accepted('to be changed'), { mustChange: true })
    const among = async (name: Parameters<Directory['stateFilter']>[0]) => {
      const selected = await directory.stateFilter(name, new Date())
      const query = { base: people(), filter: selected, attributes: ['uid'] }
      return (await Array.fromAsync(directory.list(query))).map((entry) => first(entry, 'uid'))
    }
    expect(await among('locked')).toContain(uidOf(130))
    expect(await among('disabled')).toContain(uidOf(131))
    expect(await among('must-change')).toContain(uidOf(132))
    expect(await among('ended')).toEqual(expect.arrayContaining([uidOf(103), uidOf(105)]))
    expect(await among('not-started')).toContain(uidOf(101))
    await expect.poll(() => among('password-expired'), { timeout: 3000 }).toContain(uidOf(31))
  })
})

function day(offset: number): string {
  const date = new Date(Date.now() + offset * 86_400_000)
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
}

describe('a dead directory', () => {
  it('is unavailable, never empty, and comes back by itself', async () => {
    await slapd.kill()
    const reads = [
      () => directory.read(person('alice'), ['sn']),
      () => directory.find({ base: people(), filter: filter`(uid=alice)`, attributes: ['uid'], limit: 1 }),
      () => directory.verifyPassword(person('alice'), 'pw-alice'),
      () => Array.fromAsync(directory.list({ base: people(), filter: filter`(uid=*)`, attributes: ['uid'] })),
    ]
    for (const read of reads) await expect(read()).rejects.toMatchObject({ code: 'directory-unavailable' })
    await slapd.restart()
    await expect
      .poll(
        () =>
          directory.read(person('alice'), ['sn']).then(
            () => 'read',
            () => 'not yet',
          ),
        { timeout: 3000 },
      )
      .toBe('read')
  })
})
