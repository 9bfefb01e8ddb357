import { beforeAll, describe, expect, it } from 'vitest'
import { loadBlocklist, type Blocklist } from '../../src/accounts/password/blocklist.ts'
import { generatePassword } from '../../src/accounts/password/generate-password.ts'
import { acceptPassword, rulesOf, violationsOf } from '../../src/accounts/password/password-policy.ts'
import { strengthOf } from '../../src/accounts/password/password-strength.ts'

let blocklist: Blocklist
const own = ['elefevre', 'Élodie LEFÈVRE', 'acme']

beforeAll(async () => {
  blocklist = await loadBlocklist([])
})

async function reasons(profile: 'nist' | 'directory', password: string): Promise<string[]> {
  const faults = await violationsOf({ profile, blocklist }, password, own)
  return faults.map((fault) => fault.reason)
}

describe('the password policy', () => {
  it('takes a long passphrase without any composition rule', async () => {
    expect(await reasons('nist', 'quatre chevaux mangent du foin')).toEqual([])
    expect(await reasons('nist', 'aaaaaaabbbbbbbb ccccccc')).toEqual([])
  })

  it('counts code points, not bytes or UTF-16 units', async () => {
    expect(await reasons('nist', '🐎'.repeat(14))).toEqual(['too-short'])
    expect(await reasons('nist', '🐎'.repeat(15))).toEqual([])
  })

  it('names every violation at once', async () => {
    expect(await reasons('nist', 'password')).toEqual(['too-short', 'common'])
    expect(await reasons('nist', 'Lefevre-2024')).toEqual(['too-short', 'own-word'])
  })

  it('leaves length to the server in the profile directory, but not common passwords', async () => {
    expect(await reasons('directory', 'kqzv1')).toEqual([])
    expect(await reasons('directory', 'Password')).toEqual(['common'])
    expect(rulesOf({ profile: 'directory', blocklist }).map((rule) => rule.reason)).not.toContain('too-short')
  })

  it('refuses a password made of the person’s own words, accents and case aside', async () => {
    expect(await reasons('nist', 'élodie.lefèvre.2026!')).toEqual(['own-word'])
    expect(await reasons('nist', 'ACME-elefevre-0123456')).toEqual(['own-word'])
    expect(await reasons('nist', 'lefevre aime le cirque noir')).toEqual([])
  })

  it('refuses the empty password with one plain reason, and too long ones', async () => {
    expect(await reasons('nist', '')).toEqual(['required'])
    expect(await reasons('nist', 'x'.repeat(300))).toEqual(['too-long'])
    expect(await reasons('nist', 'line\nbreak in the middle')).toEqual(['control-character'])
  })

  it('gives the directory the normalised form', async () => {
    const decomposed = 'e\u0301te\u0301 comme hiver partout'
    const accepted = await acceptPassword({ profile: 'nist', blocklist }, decomposed, [])
    expect('password' in accepted && accepted.password.reveal()).toBe('été comme hiver partout')
  })

  it('accepts what it generates', async () => {
    for (let i = 0; i < 100; i++) expect(await reasons('nist', generatePassword())).toEqual([])
  })

  it('advises within milliseconds, whatever is typed', async () => {
    await strengthOf('the dictionary is read the first time', own)
    const started = performance.now()
    expect(await strengthOf('p4$$w0rd'.repeat(500), own)).toBeLessThanOrEqual(4)
    expect(performance.now() - started).toBeLessThan(500)
    expect(await strengthOf('azerty', own)).toBe(0)
    expect(await strengthOf('quatre chevaux mangent du foin', own)).toBe(4)
  })
})
