import { describe, expect, it } from 'vitest'
import type { Directory } from '../../src/directory/directory.ts'
import { first } from '../../src/ldap/entry.ts'
import { uidOf, accepted, neverEntry, useOpenLdap } from './use-openldap.ts'

const { directory, open, people, person, state, kinds, modify, failFiveTimes } = useOpenLdap()

describe('the acts', () => {
  it('lock until unlocked, and forget the failures when unlocking', async () => {
    await failFiveTimes(uidOf(50))
    expect(await directory().unlock(person(uidOf(50)))).toBe('done')
    expect(await directory().unlock(person(uidOf(50)))).toBe('already-so')
    expect((await state(uidOf(50))).failures).toEqual([])
    expect(await directory().lock(person(uidOf(50)), new Date())).toBe('done')
    expect(await directory().lock(person(uidOf(50)), new Date())).toBe('already-so')
    expect((await directory().verifyPassword(person(uidOf(50)), `pw-${uidOf(50)}`)).outcome).toBe('refused')
    await directory().unlock(person(uidOf(50)))
    expect((await directory().verifyPassword(person(uidOf(50)), `pw-${uidOf(50)}`)).outcome).toBe('accepted')
  })

  it('disable, so that neither a reset nor the end date of an HR feed opens the account', async () => {
    expect(await directory().disable(person(uidOf(51)), new Date())).toBe('done')
    expect(await directory().disable(person(uidOf(51)), new Date())).toBe('already-so')
    await modify(uidOf(51), 'replace: pwdEndTime\npwdEndTime: 20301231235959Z')
    await directory().setPassword(person(uidOf(51)), accepted('not through here'), { mustChange: false })
    expect(await kinds(uidOf(51))).toEqual(['disabled'])
    expect((await directory().verifyPassword(person(uidOf(51)), 'not through here')).outcome).toBe('refused')
    expect(await directory().enable(person(uidOf(51)))).toBe('done')
    expect(await directory().enable(person(uidOf(51)))).toBe('already-so')
    expect((await directory().verifyPassword(person(uidOf(51)), 'not through here')).outcome).toBe('accepted')
  })

  it('refuse where the server has no policy that would enforce them', async () => {
    const lax = open({ defaultPolicy: undefined })
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
    const check = await directory().verifyPassword(person(uid), `pw-${uid}`)
    expect(check.outcome).toBe(opens ? 'accepted' : 'refused')
  })

  it('select at least those in the state, on the server', async () => {
    await directory().lock(person(uidOf(130)), new Date())
    await directory().disable(person(uidOf(131)), new Date())
    await directory().setPassword(person(uidOf(132)), accepted('to be changed'), { mustChange: true })
    const among = async (name: Parameters<Directory['stateFilter']>[0]) => {
      const selected = await directory().stateFilter(name, new Date())
      const query = { base: people(), filter: selected, attributes: ['uid'] }
      return (await Array.fromAsync(directory().list(query))).map((entry) => first(entry, 'uid'))
    }
    expect(await among('locked')).toContain(uidOf(130))
    expect(await among('disabled')).toContain(uidOf(131))
    expect(await among('must-change')).toContain(uidOf(132))
    expect(await among('ended')).toEqual(expect.arrayContaining([uidOf(103), uidOf(105)]))
    expect(await among('not-started')).toContain(uidOf(101))
  })
})

function day(offset: number): string {
  const date = new Date(Date.now() + offset * 86_400_000)
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
}
