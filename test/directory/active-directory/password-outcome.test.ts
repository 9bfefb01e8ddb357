import { describe, expect, it } from 'vitest'
import { refusedBind, refusedWrite } from '../../../src/directory/active-directory/password-outcome.ts'
import { LdapError } from '../../../src/ldap/result.ts'

const error = (code: number, diagnostic: string) =>
  new LdapError({ code, diagnostic, matchedDn: '', referrals: [], controls: [] })

/** As Windows words it: Samba is asked by the suite. */
const bind = (subCode: string) =>
  error(49, `80090308: LdapErr: DSID-0C090434, comment: AcceptSecurityContext error, data ${subCode}, v4563`)

describe('a bind that Windows refuses with', () => {
  it.each([
    ['525', { outcome: 'refused', reason: 'wrong' }],
    ['52e', { outcome: 'refused', reason: 'wrong' }],
    ['530', { outcome: 'refused', reason: 'shut' }],
    ['531', { outcome: 'refused', reason: 'shut' }],
    ['532', { outcome: 'expired' }],
    ['533', { outcome: 'refused', reason: 'shut' }],
    ['701', { outcome: 'refused', reason: 'shut' }],
    ['773', { outcome: 'accepted', mustChange: true }],
    ['775', { outcome: 'refused', reason: 'locked' }],
    ['7ff', { outcome: 'refused', reason: 'wrong' }],
  ])('%s', (subCode, check) => {
    expect(refusedBind(bind(subCode))).toEqual(check)
  })

  it('49 without a word is a wrong password', () => {
    expect(refusedBind(error(49, ''))).toEqual({ outcome: 'refused', reason: 'wrong' })
  })

  it('anything else says nothing about the password', () => {
    const strongerAuthRequired = error(8, '00002028: LdapErr: DSID-0C090202')
    expect(() => refusedBind(strongerAuthRequired)).toThrow(strongerAuthRequired)
  })
})

describe('a password that Windows refuses with', () => {
  it.each([
    [
      'its one code for all that may be wrong with it',
      19,
      '0000052D: AtrErr: DSID-03191083, #1:\n\t0: 0000052D: DSID-03191083, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 9005a (unicodePwd)',
      'insufficient-quality',
    ],
    [
      'the same as unwilling',
      53,
      '0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0',
      'insufficient-quality',
    ],
    [
      'a wrong old one',
      19,
      '00000056: AtrErr: DSID-03191083, #1:\n\t0: 00000056: DSID-03191083, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 9005a (unicodePwd)',
      'old-password-wrong',
    ],
    [
      'no right to change it',
      50,
      '00000005: SecErr: DSID-031A1190, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0',
      'change-not-allowed',
    ],
  ])('%s', (_name, code, diagnostic, reason) => {
    expect(refusedWrite(error(code, diagnostic))).toEqual({ outcome: 'refused', reason })
  })

  it('anything else is no answer about the password', () => {
    const notEncrypted = error(53, '0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0')
    expect(() => refusedWrite(notEncrypted)).toThrow(notEncrypted)
  })
})
