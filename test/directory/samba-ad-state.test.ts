import { describe, expect, it } from 'vitest'
import { setDisabled } from '../../src/directory/active-directory/set-disabled.ts'
import { poolOptions } from '../../src/directory/open-directory.ts'
import { createPool } from '../../src/ldap/pool.ts'
import { fileTime, NO_END } from './samba-server.ts'
import { DAY, fromNow } from './suite/suite.ts'
import { useSamba } from './use-samba.ts'

const { server, suite, asAdministrator } = useSamba()

const NEVER = '9223372036854775807'
const USUAL = 0x200
const NEVER_EXPIRES = 0x1_0000

describe('the state and the controller', () => {
  it.each([
    ['an end of 0', 'accountExpires', '0', true],
    ['an end that is never', 'accountExpires', NEVER, true],
    ['an end yesterday', 'accountExpires', fileTime(fromNow(-DAY)), false],
    ['an end tomorrow', 'accountExpires', fileTime(fromNow(DAY)), true],
    ['a lock that is over', 'lockoutTime', fileTime(fromNow(-DAY)), true],
    ['a disabled account among other bits', 'userAccountControl', String(USUAL + NEVER_EXPIRES + 2), false],
  ])('agree on %s', async (_name, attribute, value, opens) => {
    const { somebody, state, outcome, selected } = suite()
    const person = somebody()
    await server().set(person, attribute, value)
    const { canSignIn, conditions } = await state(person)
    expect(canSignIn).toBe(opens)
    for (const { kind } of conditions) expect(await selected(kind)).toContain(person.dn.toLowerCase())
    expect(await outcome(person)).toBe(opens ? 'accepted' : 'refused')
  })

  it('agree that whoever’s password never expires does not have to change it', async () => {
    const { somebody, directory, kinds, bind, selected } = suite()
    const person = somebody()
    await server().set(person, 'userAccountControl', String(USUAL + NEVER_EXPIRES))
    expect(await directory.requireChange(person.dn, true)).toBe('not-enforced')
    await server().set(person, 'pwdLastSet', '0')
    expect(await kinds(person)).toEqual([])
    expect(await selected('must-change')).toEqual([])
    expect(await bind(person)).toEqual({ outcome: 'accepted', mustChange: false })
  })

  it('agree on a lock that only an agent ends', async () => {
    const { somebody, bind, state, outcome, directory } = suite()
    const person = somebody()
    await server().underPso(person, { 'msDS-LockoutDuration': NO_END, 'msDS-LockoutThreshold': '3' })
    for (let tries = 0; tries < 3; tries++) await bind(person, 'wrong')
    for (const reader of [directory, asAdministrator()]) {
      const entry = await reader.read(person.dn, reader.stateAttributes)
      if (entry === null) throw new Error('no entry')
      const { conditions } = await reader.accountState(entry, new Date())
      const lock = conditions.find(({ kind }) => kind === 'locked')
      expect(lock).toEqual({ kind: 'locked', by: 'policy', since: expect.any(Date) })
    }
    expect(await outcome(person)).toBe('refused')
    expect(await directory.unlock(person.dn)).toBe('done')
    expect(await state(person)).toMatchObject({ canSignIn: true })
    expect(await outcome(person)).toBe('accepted')
  })

  it('agree on a PSO that the service account may not read, and on one that it may', async () => {
    const { somebody, server: one, read, directory, reset, expectState, eventually } = suite()
    const person = somebody()
    await reset(person, 'Expires-soon-1')
    await one.cause.policy(person, { maxAge: 1 })
    await eventually(person, 'password-expired')
    await expectState(person, 'password-expired')
    const seer = asAdministrator()
    const entry = await read(person)
    const hidden = await directory.accountState(entry, new Date())
    expect(await seer.accountState(entry, new Date())).toEqual(hidden)
    expect(hidden.policy).toMatchObject({ source: 'entry', dn: expect.stringContaining(person.login) })
    const query = { base: one.people, attributes: ['cn'], limit: 200 }
    const { entries } = await seer.find({
      ...query,
      filter: await seer.stateFilter('password-expired', new Date()),
    })
    expect(entries.map(({ dn }) => dn)).toContain(person.dn)
  })

  it.each([
    ['the hour', 'logonHours', Buffer.alloc(21)],
    ['the place', 'userWorkstations', 'PC1'],
  ])('shut out by %s, which only the right password is told', async (_name, attribute, value) => {
    const { somebody, bind } = suite()
    const person = somebody()
    await server().set(person, attribute, value)
    expect(await bind(person)).toEqual({ outcome: 'refused', reason: 'shut' })
    expect(await bind(person, 'wrong')).toEqual({ outcome: 'refused', reason: 'wrong' })
  })

  it.each([
    ['disabled', 'userAccountControl', '514'],
    ['ended', 'accountExpires', '116444736000000000'],
  ])('tell of a %s account to the right password only', async (_name, attribute, value) => {
    const { somebody, bind } = suite()
    const person = somebody()
    await server().set(person, attribute, value)
    expect(await bind(person)).toEqual({ outcome: 'refused', reason: 'shut' })
    expect(await bind(person, 'wrong')).toEqual({ outcome: 'refused', reason: 'wrong' })
  })

  it('tell of a lock to right and wrong passwords alike', async () => {
    const { somebody, bind } = suite()
    const person = somebody()
    for (let tries = 0; tries < 5; tries++) await bind(person, 'wrong')
    expect(await bind(person)).toEqual({ outcome: 'refused', reason: 'locked' })
    expect(await bind(person, 'wrong')).toEqual({ outcome: 'refused', reason: 'locked' })
  })
})

describe('the acts', () => {
  it('keep what another tool changes between our reading and our writing', async () => {
    const { somebody, read } = suite()
    const person = somebody()
    const pool = createPool(poolOptions(server().config))
    let isFirst = true
    const interrupted: typeof pool = {
      ...pool,
      read: async (...given) => {
        const entry = await pool.read(...given)
        if (isFirst) await server().set(person, 'userAccountControl', String(USUAL + NEVER_EXPIRES))
        isFirst = false
        return entry
      },
    }
    expect(await setDisabled(interrupted, person.dn, true)).toBe('done')
    await pool.close()
    const value = (await read(person)).attributes.get('useraccountcontrol')?.values[0]?.toString()
    expect(value).toBe(String(USUAL + NEVER_EXPIRES + 2))
  })

  it('know no start, and write nothing then', async () => {
    const { somebody, directory, state } = suite()
    const person = somebody()
    const dates = { from: fromNow(-DAY), until: fromNow(-DAY) }
    expect(await directory.setValidity(person.dn, dates)).toBe('not-supported')
    expect(await state(person)).toMatchObject({ canSignIn: true })
  })

  it.each(['1601-01-01T00:00:00Z', '1500-01-01T00:00:00Z', '+040000-01-01T00:00:00Z'])(
    'refuse an end that the controller cannot keep: %s',
    async (date) => {
      const { somebody, directory, state } = suite()
      const person = somebody()
      await expect(directory.setValidity(person.dn, { until: new Date(date) })).rejects.toMatchObject({
        code: 'invalid-input',
        faults: [{ field: 'until', reason: 'date-not-kept' }],
      })
      expect(await state(person)).toMatchObject({ canSignIn: true })
    },
  )

  it('keep an end to the millisecond', async () => {
    const { somebody, directory, state } = suite()
    const person = somebody()
    const until = new Date('2999-12-31T23:59:59.999Z')
    expect(await directory.setValidity(person.dn, { until })).toBe('done')
    expect(await state(person)).toMatchObject({ validUntil: until, canSignIn: true })
  })
})
