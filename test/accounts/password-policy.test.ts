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

function reasons(profile: 'nist' | 'directory', password: string): string[] {
  return violationsOf({ profile, blocklist }, password, own).map((fault) => fault.reason)
}

describe('the password policy', () => {
  it('takes a long passphrase without any composition rule', () => {
    expect(reasons('nist', 'quatre chevaux mangent du foin')).toEqual([])
    expect(reasons('nist', 'aaaaaaabbbbbbbb ccccccc')).toEqual([])
  })

  it('counts code points, not bytes or UTF-16 units', () => {
    expect(reasons('nist', '🐎'.repeat(14))).toEqual(['too-short'])
    expect(reasons('nist', '🐎'.repeat(15))).toEqual([])
  })

  it('names every violation at once', () => {
    expect(reasons('nist', 'password')).toEqual(['too-short', 'common'])
    expect(reasons('nist', 'Lefevre-2024')).toEqual(['too-short', 'own-word'])
  })

  it('leaves length to the server in the profile directory, but not common passwords', () => {
    expect(reasons('directory', 'kqzv1')).toEqual([])
    expect(reasons('directory', 'Password')).toEqual(['common'])
    expect(rulesOf({ profile: 'directory', blocklist }).map((rule) => rule.reason)).not.toContain('too-short')
  })

  it('refuses a password made of the person’s own words, accents and case aside', () => {
    expect(reasons('nist', 'élodie.lefèvre.2026!')).toEqual(['own-word'])
    expect(reasons('nist', 'ACME-elefevre-0123456')).toEqual(['own-word'])
    expect(reasons('nist', 'lefevre aime le cirque noir')).toEqual([])
  })

  it('refuses the empty password with one plain reason, and too long ones', () => {
    expect(reasons('nist', '')).toEqual(['required'])
    expect(reasons('nist', 'x'.repeat(300))).toEqual(['too-long'])
    expect(reasons('nist', 'line\nbreak in the middle')).toEqual(['control-character'])
  })

  it('gives the directory the normalised form', () => {
    const decomposed = 'e\u0301te\u0301 comme hiver partout'
    const accepted = acceptPassword({ profile: 'nist', blocklist }, decomposed, [])
    expect('password' in accepted && accepted.password.reveal()).toBe('été comme hiver partout')
  })

  it('accepts what it generates', () => {
    for (let i = 0; i < 100; i++) expect(reasons('nist', generatePassword())).toEqual([])
  })

  it('advises within milliseconds, whatever is typed', () => {
    const started = performance.now()
    expect(strengthOf('p4$$w0rd'.repeat(500), own)).toBeLessThanOrEqual(4)
    expect(performance.now() - started).toBeLessThan(500)
    expect(strengthOf('azerty', own)).toBe(0)
    expect(strengthOf('quatre chevaux mangent du foin', own)).toBe(4)
  })
})
