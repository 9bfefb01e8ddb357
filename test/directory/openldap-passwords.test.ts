import { describe, expect, it, test } from 'vitest'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { first } from '../../src/ldap/entry.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { startSlapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { uidOf, accepted, neverEntry, useOpenLdap } from './use-openldap.ts'

const { slapd, directory, person, state, kinds, modify, failFiveTimes, people } = useOpenLdap()

describe('proving a password', () => {
  it('accepts the right one and refuses a wrong one', async () => {
    expect(await directory().verifyPassword(person('alice'), 'pw-alice')).toMatchObject({
      outcome: 'accepted',
      mustChange: false,
    })
    expect(await directory().verifyPassword(person('alice'), 'wrong')).toEqual({
      outcome: 'refused',
      reason: 'wrong',
    })
  })

  it('refuses an empty one before anything is sent', async () => {
    await expect(directory().verifyPassword(person('alice'), '')).rejects.toMatchObject({
      kind: 'empty-password',
    })
  })

  it('accepts either Unicode form of what was set in one', async () => {
    await directory().setPassword(person(uidOf(30)), accepted('\u00e9t\u00e9 comme hiver'), {
      mustChange: false,
    })
    for (const form of ['NFC', 'NFD'] as const) {
      const check = await directory().verifyPassword(person(uidOf(30)), 'été comme hiver'.normalize(form))
      expect(check.outcome).toBe('accepted')
    }
  })

  it('says that an expired password is right, and nothing to a wrong one', async () => {
    const policy = `cn=strict,ou=policies,${slapd().suffix}`
    await ldapmodify(
      asRoot(slapd()),
      `dn: ${policy}\nchangetype: add\nobjectClass: device\nobjectClass: pwdPolicy\ncn: strict\npwdAttribute: userPassword\npwdMaxAge: 1\npwdLockout: TRUE\n`,
    )
    await directory().setPassword(person(uidOf(31)), accepted('expires at once'), { mustChange: false })
    await modify(uidOf(31), `replace: pwdPolicySubentry\npwdPolicySubentry: ${policy}`)
    const expired = await until(
      () => directory().verifyPassword(person(uidOf(31)), 'expires at once'),
      'expired',
    )
    expect(expired).toEqual({ outcome: 'expired' })
    expect(await directory().verifyPassword(person(uidOf(31)), 'wrong')).toEqual({
      outcome: 'refused',
      reason: 'wrong',
    })
    expect(await kinds(uidOf(31))).toEqual(['password-expired'])
    const selected = await directory().stateFilter('password-expired', new Date())
    const found = await directory().find({
      base: people(),
      filter: selected,
      attributes: ['uid'],
      limit: 500,
    })
    expect(found.entries.map((entry) => first(entry, 'uid'))).toContain(uidOf(31))
    expect(
      await directory().changePassword(person(uidOf(31)), 'expires at once', accepted('a new one')),
    ).toEqual({
      outcome: 'written',
      putBack: [],
    })
  })

  it('sees a lock after too many failures, as the server does', async () => {
    await failFiveTimes(uidOf(32))
    expect(await directory().verifyPassword(person(uidOf(32)), `pw-${uidOf(32)}`)).toEqual({
      outcome: 'refused',
      reason: 'locked',
    })
    const change = directory().changePassword(person(uidOf(32)), `pw-${uidOf(32)}`, accepted('long enough'))
    expect(await change).toEqual({ outcome: 'refused', reason: 'locked' })
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
    await directory().setPassword(person(uidOf(40)), accepted('a fresh password'), { mustChange: false })
    const entry = (await directory().read(person(uidOf(40)), ['userPassword'])) ?? neverEntry()
    expect(first(entry, 'userPassword')).toMatch(/^\{SSHA\}/)
    expect(await directory().verifyPassword(person(uidOf(40)), 'a fresh password')).toMatchObject({
      outcome: 'accepted',
    })
  })

  it('makes the person choose another one at the next sign-in when asked to', async () => {
    await directory().setPassword(person(uidOf(41)), accepted('temporary one'), { mustChange: true })
    expect(await kinds(uidOf(41))).toEqual(['must-change'])
    expect(await directory().verifyPassword(person(uidOf(41)), 'temporary one')).toMatchObject({
      mustChange: true,
    })
    const changed = await directory().changePassword(
      person(uidOf(41)),
      'temporary one',
      accepted('my own choice'),
    )
    expect(changed).toEqual({ outcome: 'written', putBack: [] })
    expect(await directory().verifyPassword(person(uidOf(41)), 'my own choice')).toMatchObject({
      mustChange: false,
    })
  })

  it('gives the server’s reason for a refusal', async () => {
    const set = (text: string) =>
      directory().setPassword(person(uidOf(42)), accepted(text), { mustChange: false })
    expect(await set('short')).toEqual({ outcome: 'refused', reason: 'too-short' })
    await set('first password')
    await set('second password')
    expect(await set('first password')).toEqual({ outcome: 'refused', reason: 'in-history' })
  })

  it('refuses a change whose old password is wrong', async () => {
    const changed = await directory().changePassword(person(uidOf(43)), 'wrong', accepted('long enough'))
    expect(changed).toEqual({ outcome: 'refused', reason: 'old-password-wrong' })
  })

  it('keeps an agent’s lock through a reset, and lifts the policy’s', async () => {
    await directory().lock(person(uidOf(44)), new Date())
    await directory().setPassword(person(uidOf(44)), accepted('still locked out'), { mustChange: false })
    expect((await state(uidOf(44))).conditions).toEqual([{ kind: 'locked', by: 'agent' }])
    await failFiveTimes(uidOf(45))
    await directory().setPassword(person(uidOf(45)), accepted('open again now'), { mustChange: false })
    expect(await kinds(uidOf(45))).toEqual([])
  })

  it('touches no password of another system', async () => {
    for (const [index, value, kind] of [
      [46, '{SASL}u@ad.example', 'password-elsewhere'],
      [47, '{SSHA}!c2FsdGVkaGFzaA==', 'closed-elsewhere'],
    ] as const) {
      await modify(uidOf(index), `replace: userPassword\nuserPassword: ${value}`)
      const written = await directory().setPassword(person(uidOf(index)), accepted('long enough'), {
        mustChange: false,
      })
      expect(written).toEqual({ outcome: 'refused', reason: kind })
      expect(await kinds(uidOf(index))).toContain(kind)
    }
  })
})

test('a directory that takes no writes does not blame the old password of a reset that has none', async () => {
  const mirror = await startSlapd({ databaseLines: 'readonly on' })
  const [config] = testTenantConfig(mirror).directories
  if (config === undefined) throw new Error('no directory')
  const readOnly = openDirectory(config, 'openldap')
  const reset = readOnly.setPassword(person('alice'), accepted('long enough'), { mustChange: false })
  await expect(reset).rejects.toMatchObject({ name: 'unwillingToPerform' })
  await readOnly.close()
  await mirror.stop()
})
