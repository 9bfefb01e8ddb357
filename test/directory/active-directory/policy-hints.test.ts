import { expect, it } from 'vitest'
import { policyHints } from '../../../src/ldap/controls/policy-hints.ts'

it('the control by which a reset keeps to the history is PolicyHintsRequestValue ::= SEQUENCE { Flags 1 }', () => {
  const { critical, value } = policyHints('1.2.840.113556.1.4.2239')
  expect(critical).toBe(true)
  expect(value?.toString('hex')).toBe('3003020101')
})
