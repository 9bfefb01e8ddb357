import * as fc from 'fast-check'
import type { Control } from '../../src/ldap/control.ts'
import { makeEntry } from '../../src/ldap/entry.ts'
import type { Filter } from '../../src/ldap/filter.ts'
import type { Request } from '../../src/ldap/request.ts'
import type { ResponseToWrite } from '../../src/ldap/response.ts'
import { Secret } from '../../src/ldap/secret.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('', 'cn', 'uid=é,ou=people'),
)
const bytes = fc
  .oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 120, maxLength: 300 }))
  .map((array): Buffer => Buffer.from(array))
const number = fc.nat(0x7fffffff)
const secret = bytes.map((value) => new Secret(value))
const values = fc.array(bytes, { maxLength: 4 })

/** An object with some of the optional members left out, as `exactOptionalPropertyTypes` wants them. */
const some = { requiredKeys: [] }

const filter = fc.letrec<{ filter: Filter; leaf: Filter }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ type: fc.constant('present' as const), attribute: text }),
    fc.record({
      type: fc.constantFrom(
        'equal' as const,
        'greaterOrEqual' as const,
        'lessOrEqual' as const,
        'approx' as const,
      ),
      attribute: text,
      value: bytes,
    }),
    fc
      .tuple(
        text,
        fc.array(bytes, { minLength: 1, maxLength: 3 }),
        fc.record({ initial: bytes, final: bytes }, some),
      )
      .map(([attribute, any, ends]): Filter => ({ type: 'substrings', attribute, any, ...ends })),
    fc
      .tuple(bytes, fc.boolean(), fc.record({ rule: text, attribute: text }, some))
      .map(([value, dnAttributes, names]): Filter => ({ type: 'extensible', value, dnAttributes, ...names })),
  ),
  filter: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.record({
      type: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('not' as const), filter: tie('filter') }),
  ),
})).filter

export const controls: fc.Arbitrary<Control[]> = fc.array(
  fc
    .tuple(text, fc.boolean(), fc.record({ value: bytes }, some))
    .map(([oid, critical, value]) => ({ oid, critical, ...value })),
  { maxLength: 3 },
)

const authentication = fc.oneof(
  fc.record({ method: fc.constant('simple' as const), password: secret }),
  fc
    .tuple(text, fc.record({ credentials: secret }, some))
    .map(([mechanism, credentials]) => ({ method: 'sasl' as const, mechanism, ...credentials })),
)

export const request: fc.Arbitrary<Request<Buffer>> = fc.oneof(
  fc.record({ type: fc.constant('bind' as const), version: fc.constant(3), dn: text, authentication }),
  fc.constant({ type: 'unbind' as const }),
  fc.record({
    type: fc.constant('search' as const),
    base: text,
    scope: fc.constantFrom('base' as const, 'one' as const, 'sub' as const, 'children' as const),
    derefAliases: fc.constantFrom(
      'never' as const,
      'searching' as const,
      'finding' as const,
      'always' as const,
    ),
    sizeLimit: number,
    timeLimit: number,
    typesOnly: fc.boolean(),
    filter,
    attributes: fc.array(text, { maxLength: 5 }),
  }),
  fc.record({
    type: fc.constant('modify' as const),
    dn: text,
    changes: fc.array(
      fc.record({
        operation: fc.constantFrom(
          'add' as const,
          'delete' as const,
          'replace' as const,
          'increment' as const,
        ),
        attribute: text,
        values,
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    type: fc.constant('add' as const),
    dn: text,
    attributes: fc.array(fc.record({ name: text, values }), { maxLength: 4 }),
  }),
  fc.record({ type: fc.constant('delete' as const), dn: text }),
  fc
    .tuple(text, text, fc.boolean(), fc.record({ newSuperior: text }, some))
    .map(([dn, newRdn, deleteOldRdn, to]) => ({
      type: 'modifyDn' as const,
      dn,
      newRdn,
      deleteOldRdn,
      ...to,
    })),
  fc.record({ type: fc.constant('compare' as const), dn: text, attribute: text, value: bytes }),
  fc.record({ type: fc.constant('abandon' as const), messageId: number }),
  fc
    .tuple(text, fc.record({ value: bytes }, some))
    .map(([oid, value]) => ({ type: 'extended' as const, oid, ...value })),
)

const result = fc.record({
  code: fc.nat(5000),
  matchedDn: text,
  diagnostic: text,
  referrals: fc.array(text, { maxLength: 3 }),
})

const entry = fc
  .tuple(text, fc.dictionary(fc.stringMatching(/^[a-z]{1,8}(;x)?$/), values, { maxKeys: 5 }))
  .map(([dn, attributes]) => makeEntry(dn, attributes))

export const response: fc.Arbitrary<ResponseToWrite> = fc.oneof(
  fc.record({ type: fc.constant('entry' as const), entry }),
  fc.record({ type: fc.constant('reference' as const), uris: fc.array(text, { maxLength: 3 }) }),
  fc.record({ type: fc.constant('searchDone' as const), result }),
  fc
    .tuple(result, fc.record({ serverCredentials: bytes }, some))
    .map(([outcome, more]) => ({ type: 'bindResponse' as const, result: outcome, ...more })),
  fc.record({
    type: fc.constantFrom(
      'modifyResponse' as const,
      'addResponse' as const,
      'deleteResponse' as const,
      'modifyDnResponse' as const,
      'compareResponse' as const,
    ),
    result,
  }),
  fc
    .tuple(result, fc.record({ oid: text, value: bytes }, some))
    .map(([outcome, more]) => ({ type: 'extendedResponse' as const, result: outcome, ...more })),
  fc.record({ oid: text, value: bytes }, some).map((more) => ({ type: 'intermediate' as const, ...more })),
)
