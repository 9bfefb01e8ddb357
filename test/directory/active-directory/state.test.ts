import { describe, expect, it } from 'vitest'
import { activeDirectoryStateFilter } from '../../../src/directory/active-directory/state-filter.ts'
import { activeDirectoryState } from '../../../src/directory/active-directory/state.ts'
import type { PolicyEntry } from '../../../src/directory/active-directory/policy.ts'
import { makeEntry } from '../../../src/ldap/entry.ts'
import { formatFilter } from '../../../src/ldap/filter.ts'

const now = new Date('2026-12-31T00:00:00Z')
const NOW = 134_431_488_000_000_000n
const DAY = 864_000_000_000n
const windows = { expiringWithin: 14, dormantAfter: 90 }
const domain = 'DC=lab,DC=example'
const halfAnHour: PolicyEntry = { dn: domain, lockoutDuration: 1_800_000, minLength: 8, complexity: true }

function stateOf(
  attributes: Record<string, string | bigint>,
  { rules = halfAnHour, signInsSeen = false }: { rules?: PolicyEntry | null; signInsSeen?: boolean } = {},
) {
  const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)])
  const entry = makeEntry(`CN=u,${domain}`, { userAccountControl: '512', ...Object.fromEntries(texts) })
  return activeDirectoryState(
    entry,
    { ref: { dn: domain, source: 'default' }, rules },
    { signInsSeen, windows, now },
  )
}

describe('the state on Active Directory', () => {
  it('is locked for as long as the policy says', () => {
    const since = new Date(now.getTime() - 60_000)
    const until = new Date(since.getTime() + 1_800_000)
    expect(stateOf({ lockoutTime: NOW - 600_000_000n }).conditions).toEqual([
      { kind: 'locked', by: 'policy', since, until },
    ])
    expect(stateOf({ lockoutTime: NOW - DAY })).toMatchObject({ canSignIn: true, conditions: [] })
  })

  it('is locked until unlocked where the policy has no end', () => {
    const { lockoutDuration: _, ...rules } = halfAnHour
    const state = stateOf({ lockoutTime: NOW - 400n * DAY }, { rules })
    expect(state.conditions).toEqual([{ kind: 'locked', by: 'policy', since: expect.any(Date) }])
    expect(state.canSignIn).toBe(false)
  })

  it('takes the server’s word where the policy may not be read', () => {
    const lockoutTime = NOW - 600_000_000n
    const hidden = { rules: null }
    const locked = { lockoutTime, 'msDS-User-Account-Control-Computed': '16' }
    expect(stateOf(locked, hidden).conditions).toEqual([
      { kind: 'locked', by: 'policy', since: expect.any(Date) },
    ])
    expect(stateOf({ lockoutTime, 'msDS-User-Account-Control-Computed': '0' }, hidden).conditions).toEqual([])
    const expired = { pwdLastSet: NOW - 90n * DAY, 'msDS-UserPasswordExpiryTimeComputed': NOW - DAY }
    expect(stateOf(expired, hidden).conditions).toMatchObject([{ kind: 'password-expired' }])
  })

  it('counts a password’s age itself where the server does not say its end', () => {
    const rules = { ...halfAnHour, maxAge: 90 * 86_400_000 }
    const old = { pwdLastSet: NOW - 80n * DAY }
    expect(stateOf(old, { rules })).toMatchObject({
      passwordExpiresAt: new Date('2027-01-10T00:00:00Z'),
      conditions: [{ kind: 'password-expiring' }],
    })
    expect(stateOf({ ...old, userAccountControl: '66048' }, { rules }).conditions).toEqual([])
  })

  it.each(['0', '9223372036854775807'])('never ends with accountExpires %s', (accountExpires) => {
    const state = stateOf({ accountExpires })
    expect(state).not.toHaveProperty('validUntil')
    expect(state.conditions).toEqual([])
  })

  it('takes the later of the two times of a sign-in', () => {
    const old = NOW - 200n * DAY
    const recent = { lastLogon: NOW - DAY, lastLogonTimestamp: old }
    expect(stateOf(recent)).toMatchObject({ lastSignInAt: new Date('2026-12-30T00:00:00Z'), conditions: [] })
    expect(stateOf({ lastLogon: '0', lastLogonTimestamp: old }).conditions).toMatchObject([
      { kind: 'dormant' },
    ])
  })

  it('claims that nobody signed in only where that is seen', () => {
    const created = { whenCreated: '20260101000000.0Z', lastLogon: '0' }
    expect(stateOf(created).conditions).toEqual([])
    expect(stateOf(created, { signInsSeen: true }).conditions).toEqual([
      { kind: 'never-signed-in', since: new Date('2026-01-01T00:00:00Z') },
    ])
  })
})

describe('the filter of expired passwords', () => {
  const inputs = { policies: [halfAnHour], signInsSeen: true, windows, now }

  it('selects nobody where no policy has an age', () => {
    const filter = activeDirectoryStateFilter('password-expired', { ...inputs, complete: true })
    expect(formatFilter(filter)).toBe('(!(objectClass=*))')
  })

  it('selects everyone who has a password that ages where there may be policies that are hidden', () => {
    const filter = activeDirectoryStateFilter('password-expired', { ...inputs, complete: false })
    expect(formatFilter(filter)).toBe(
      '(&(pwdLastSet>=1)(!(userAccountControl:1.2.840.113556.1.4.804:=327680)))',
    )
  })
})
