import { describe, expect, it } from 'vitest'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { first } from '../../src/ldap/entry.ts'
import { withholdRights } from '../support/withhold-rights.ts'
import { slapdServer } from './slapd-server.ts'
import { accepted } from './suite/suite.ts'
import { useOpenLdap } from './use-openldap.ts'

const { suite, slapd, underPolicy } = useOpenLdap()

describe('a password of slapd', () => {
  it('is hashed by the server', async () => {
    const { somebody, reset, read } = suite()
    const person = somebody()
    await reset(person, 'A-fresh-password-1')
    expect(first(await read(person), 'userPassword')).toMatch(/^\{SSHA\}/)
  })

  it('is said to be locked away, where the server is set up to say it', async () => {
    const { directory, somebody, bind } = suite()
    const person = somebody()
    for (let tries = 0; tries < 5; tries++) await bind(person, 'wrong')
    expect(await bind(person)).toEqual({ outcome: 'refused', reason: 'locked' })
    const change = directory.changePassword(person.dn, person.password, accepted('Long-enough-1'))
    expect(await change).toEqual({ outcome: 'refused', reason: 'locked' })
  })

  it('has no known shortest length where nothing checks it', async () => {
    const { directory, somebody, read } = suite()
    const person = somebody()
    await underPolicy(person, 'pwdMinLength: 12\npwdCheckQuality: 0')
    expect(await directory.passwordRules(await read(person))).toMatchObject({ length: 0 })
  })

  it('is not changed by its owner where the policy forbids that, and still reset by an agent', async () => {
    const { directory, somebody, reset } = suite()
    const person = somebody()
    await underPolicy(person, 'pwdAllowUserChange: FALSE')
    const change = directory.changePassword(person.dn, person.password, accepted('My-own-choice-1'))
    expect(await change).toEqual({ outcome: 'refused', reason: 'change-not-allowed' })
    expect(await reset(person, 'An-agent-may-1')).toEqual({ outcome: 'written', putBack: [], lost: [] })
  })

  it('is not changed by its owner after it has expired either, where the policy forbids that', async () => {
    const { directory, somebody, reset, eventually, outcome } = suite()
    const person = somebody()
    await reset(person, 'Expires-soon-1')
    await underPolicy(person, 'pwdAllowUserChange: FALSE\npwdMaxAge: 1')
    await eventually(person, 'password-expired')
    const change = directory.changePassword(person.dn, 'Expires-soon-1', accepted('My-own-choice-1'))
    expect(await change).toEqual({ outcome: 'refused', reason: 'change-not-allowed' })
    expect(await outcome(person, 'Expires-soon-1')).toBe('expired')
  })

  it('is changed by its owner where the server wants the old one in the same step, and cannot be reset', async () => {
    const { directory, somebody, reset } = suite()
    const person = somebody()
    await underPolicy(person, 'pwdSafeModify: TRUE')
    expect(await reset(person, 'An-agent-may-not-1')).toEqual({
      outcome: 'refused',
      reason: 'change-not-allowed',
    })
    const change = directory.changePassword(person.dn, person.password, accepted('My-own-choice-1'))
    expect(await change).toEqual({ outcome: 'written', putBack: [], lost: [] })
  })

  it('keeps an agent’s lock through a reset, and says that it was put back', async () => {
    const { directory, somebody, reset } = suite()
    const person = somebody()
    await directory.lock(person.dn, new Date())
    expect(await reset(person, 'Still-locked-out-1')).toEqual({
      outcome: 'written',
      putBack: ['lock'],
      lost: [],
    })
  })
})

describe('what cannot be set beside a password that is written', () => {
  it('is the lock of an agent, which is told, while the change that is asked for is there', async () => {
    const { directory, somebody, reset, bind } = suite()
    const person = somebody()
    await directory.lock(person.dn, new Date())
    await withholdRights(slapd(), person.dn, ['pwdAccountLockedTime'])
    expect(await reset(person, 'Was-locked-1', true)).toEqual({
      outcome: 'written',
      putBack: [],
      lost: ['lock'],
    })
    expect(await bind(person, 'Was-locked-1')).toMatchObject({ mustChange: true })
  })

  it('is the change that is asked for, while the lock is there', async () => {
    const { directory, somebody, reset, bind } = suite()
    const person = somebody()
    await directory.lock(person.dn, new Date())
    await withholdRights(slapd(), person.dn, ['pwdReset'])
    expect(await reset(person, 'Stays-locked-1', true)).toEqual({
      outcome: 'written',
      putBack: ['lock'],
      lost: ['must-change'],
    })
    expect(await bind(person, 'Stays-locked-1')).toMatchObject({ outcome: 'refused' })
  })
})

it('a directory that takes no writes does not blame the old password of a reset that has none', async () => {
  const mirror = await slapdServer({ databaseLines: 'readonly on' })
  const readOnly = openDirectory(mirror.config, 'openldap')
  const reset = readOnly.setPassword(mirror.person(1).dn, accepted('Long-enough-1'), { mustChange: false })
  await expect(reset).rejects.toMatchObject({ name: 'unwillingToPerform' })
  await readOnly.close()
  await mirror.stop()
})
