import { describe, expect, it } from 'vitest'
import { createVisibility } from '../../src/access/visibility.ts'
import { makeEntry } from '../../src/ldap/entry.ts'

const student = makeEntry('uid=s,dc=x', { objectClass: ['inetOrgPerson'], employeeType: ['student'] })
const staff = makeEntry('uid=t,dc=x', { objectClass: ['inetOrgPerson'], employeeType: ['staff'] })

describe('visibility', () => {
  const visibility = createVisibility([
    { audience: ['public'], hide: ['phone'] },
    { audience: ['public', 'person'], population: '(employeeType=student)', hide: ['photo', 'mail'] },
    { audience: ['public'], population: '(employeeType=secret)', hide: 'entry' },
  ])

  it('takes away what any rule of the audience names', () => {
    expect(visibility.hiddenFrom('public', student)).toEqual(new Set(['phone', 'photo', 'mail']))
    expect(visibility.hiddenFrom('person', student)).toEqual(new Set(['photo', 'mail']))
    expect(visibility.hiddenFrom('agent', student)).toEqual(new Set())
    expect(visibility.hiddenFrom('public', staff)).toEqual(new Set(['phone']))
  })

  it('hides a whole entry from one audience only', () => {
    const secret = makeEntry('uid=x,dc=x', { employeeType: ['secret'] })
    expect(visibility.hiddenFrom('public', secret)).toBe('entry')
    expect(visibility.hiddenFrom('person', secret)).toEqual(new Set())
  })

  it('asks the directory for what its rules ask about', () => {
    expect(visibility.attributes).toContain('employeeType')
  })

  it('hides when a rule cannot be decided', () => {
    const rule = createVisibility([
      { audience: ['public'], population: '(employeeType:1.2.3.4.5:=x)', hide: ['mail'] },
    ])
    expect(rule.hiddenFrom('public', staff)).toEqual(new Set(['mail']))
  })
})
