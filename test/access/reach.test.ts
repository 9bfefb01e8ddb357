import { describe, expect, it } from 'vitest'
import { isWithinReach, reachOf } from '../../src/access/reach.ts'
import type { RoleConfig } from '../../src/config/role-schema.ts'
import { makeEntry } from '../../src/ldap/entry.ts'

const agentEntry = makeEntry('uid=hugo,ou=let,ou=people,dc=x', {
  departmentNumber: ['D1', 'D2*)(uid=*'],
  seeAlso: ['ou=other,dc=x'],
})

function agent(entry = agentEntry) {
  return { kind: 'person' as const, entry }
}

function role(reach: RoleConfig['reach']): RoleConfig {
  return { name: 'desk', groups: [], clients: [], permissions: [], rank: 1, reach }
}

const inLet = makeEntry('uid=a,ou=let,ou=people,dc=x', { departmentNumber: ['D1'] })
const elsewhere = makeEntry('uid=b,ou=math,ou=people,dc=x', { departmentNumber: ['D9'] })

describe('reach', () => {
  it('is everything when one role has no limit', () => {
    expect(reachOf([role([]), role(undefined)], agent())).toBeNull()
    expect(isWithinReach(null, elsewhere)).toBe(true)
  })

  it('covers the agent’s own branch and what is under it', () => {
    const reach = reachOf([role([{ base: '{agent.parent}' }])], agent())
    expect(isWithinReach(reach, inLet)).toBe(true)
    expect(isWithinReach(reach, makeEntry('uid=c,ou=sub,ou=let,ou=people,dc=x', {}))).toBe(true)
    expect(isWithinReach(reach, elsewhere)).toBe(false)
  })

  it('takes DNs from an attribute of the agent', () => {
    const reach = reachOf([role([{ base: '{agent.seeAlso}' }])], agent())
    expect(reach).toEqual([{ base: 'ou=other,dc=x', filter: null }])
  })

  it('compares with each of the agent’s values, as values: markup in them changes no filter', () => {
    const reach = reachOf(
      [role([{ base: 'dc=x', filter: '(departmentNumber={agent.departmentNumber})' }])],
      agent(),
    )
    expect(isWithinReach(reach, inLet)).toBe(true)
    expect(isWithinReach(reach, elsewhere)).toBe(false)
    expect(isWithinReach(reach, makeEntry('uid=d,dc=x', { departmentNumber: ['D2*)(uid=*'] }))).toBe(true)
  })

  it('reaches codes that begin with the agent’s own', () => {
    const reach = reachOf(
      [role([{ base: 'dc=x', filter: '(departmentNumber={agent.departmentNumber}*)' }])],
      agent(),
    )
    expect(isWithinReach(reach, makeEntry('uid=e,dc=x', { departmentNumber: ['D1-sub'] }))).toBe(true)
    expect(isWithinReach(reach, elsewhere)).toBe(false)
  })

  it('reaches nothing by a rule whose attribute the agent lacks', () => {
    const poor = agent(makeEntry('uid=hugo,dc=x', {}))
    const rules = [
      { base: 'dc=x', filter: '(departmentNumber={agent.departmentNumber})' },
      { base: 'dc=x', filter: '(!(departmentNumber={agent.departmentNumber}))' },
      { base: 'ou={agent.ou},dc=x' },
      { base: '{agent.seeAlso}' },
    ]
    for (const rule of rules) expect(reachOf([role([rule])], poor)).toEqual([])
    expect(isWithinReach([], inLet)).toBe(false)
  })
})
