import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertion, readAssertion } from '../../src/ldap/controls/assertion.ts'
import { pagedResults, readPagedResults } from '../../src/ldap/controls/paged-results.ts'
import {
  passwordPolicyResponse,
  PASSWORD_POLICY,
  readPasswordPolicy,
} from '../../src/ldap/controls/password-policy.ts'
import {
  postRead,
  postReadResponse,
  readPostRead,
  readPostReadAttributes,
} from '../../src/ldap/controls/post-read.ts'
import {
  proxiedAuthorization,
  readProxiedAuthorization,
} from '../../src/ldap/controls/proxied-authorization.ts'
import {
  readServerSideSort,
  readSortResult,
  serverSideSort,
  sortResponse,
} from '../../src/ldap/controls/server-side-sort.ts'
import { makeEntry, text } from '../../src/ldap/entry.ts'
import {
  readGeneratedPassword,
  readPasswordModify,
  writeGeneratedPassword,
  writePasswordModify,
} from '../../src/ldap/extended/password-modify.ts'
import { filter } from '../../src/ldap/filter.ts'

const bytes = fc.uint8Array({ maxLength: 200 }).map((array): Buffer => Buffer.from(array))
const name = fc.string({ minLength: 1, maxLength: 20 })

describe('a control is read as it was made:', () => {
  test('paged results', () => {
    fc.assert(
      fc.property(fc.nat(0x7fffffff), bytes, (size, cookie) => {
        expect(readPagedResults([pagedResults({ size, cookie })])).toEqual({ size, cookie })
      }),
    )
  })

  test('password policy, with one warning at most', () => {
    for (const policy of [
      {},
      { error: 'accountLocked' },
      { error: 'passwordExpired', graceLogins: 0 },
      { expiresIn: 864_000, error: 'changeAfterReset' },
    ] as const)
      expect(readPasswordPolicy([passwordPolicyResponse(policy)])).toEqual(policy)
    const both = passwordPolicyResponse({ graceLogins: 2, expiresIn: 5 })
    expect(readPasswordPolicy([both])).toEqual({ graceLogins: 2 })
    expect(readPasswordPolicy([])).toBeUndefined()
    expect(readPasswordPolicy([{ oid: PASSWORD_POLICY, critical: false }])).toBeUndefined()
    // 389-DS sends a warning and an error with lengths of four bytes
    const value = Buffer.from('30840000000fa08400000006800400000e10810102', 'hex')
    expect(readPasswordPolicy([{ oid: PASSWORD_POLICY, critical: false, value }])).toEqual({
      expiresIn: 3600,
      error: 'changeAfterReset',
    })
  })

  test('sort', () => {
    const key = fc
      .tuple(name, fc.record({ rule: name, reverse: fc.constant(true) }, { requiredKeys: [] }))
      .map(([attribute, more]) => ({ attribute, ...more }))
    fc.assert(
      fc.property(fc.array(key, { maxLength: 4 }), (keys) => {
        expect(readServerSideSort([serverSideSort(keys)])).toEqual(keys)
      }),
    )
    for (const result of [{ code: 0 }, { code: 16, attribute: 'uid' }])
      expect(readSortResult([sortResponse(result)])).toEqual(result)
  })

  test('assertion and proxied authorization', () => {
    const wanted = filter`(&(uid=${'a*b'})(!(cn=*)))`
    expect(readAssertion([assertion(wanted)])).toEqual(wanted)
    expect(readProxiedAuthorization([proxiedAuthorization('dn:uid=alice')])).toBe('dn:uid=alice')
    expect(readProxiedAuthorization([])).toBeUndefined()
  })

  test('post-read', () => {
    expect(readPostReadAttributes([postRead(['sn', '*'])])).toEqual(['sn', '*'])
    const read = readPostRead([postReadResponse(makeEntry('uid=a', { sn: ['x', 'é'] }))])
    expect(read?.dn).toBe('uid=a')
    expect(read && text(read, 'sn')).toEqual(['x', 'é'])
  })
})

test('a password modification is read as it was made, whatever the bytes of the passwords', () => {
  fc.assert(
    fc.property(bytes, bytes, (oldPassword, newPassword) => {
      const read = readPasswordModify(writePasswordModify({ user: 'uid=a', oldPassword, newPassword }))
      expect(read.user).toBe('uid=a')
      expect(read.oldPassword?.reveal()).toEqual(oldPassword)
      expect(read.newPassword?.reveal()).toEqual(newPassword)
      expect(readGeneratedPassword(writeGeneratedPassword(newPassword))).toEqual(newPassword)
    }),
  )
  expect(readPasswordModify(undefined)).toEqual({})
  expect(readGeneratedPassword(undefined)).toBeUndefined()
  expect(readGeneratedPassword(Buffer.from('30840000000a8008c3a9ff0102030405', 'hex'))?.length).toBe(8)
})
