import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDn } from '../../src/ldap/dn.ts'
import { parseFilter } from '../../src/ldap/filter.ts'
import { parseLdif } from '../../src/ldap/ldif.ts'
import { parseDefinition } from '../../src/ldap/schema-definition.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'
import { parseLdapUrl } from '../../src/ldap/url.ts'

/** Texts of the pieces that mean something in a notation, in any order, with some that mean nothing anywhere. */
const textOf = (...pieces: string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 3 })), {
      maxLength: 30,
    })
    .map((parts) => parts.join(''))

const cases: [notation: string, texts: fc.Arbitrary<string>, read: (text: string) => unknown][] = [
  [
    'filter',
    textOf(
      '(',
      ')',
      '&',
      '|',
      '!',
      '=',
      '*',
      '>=',
      '~=',
      ':=',
      ':dn',
      ':',
      '\\',
      '\\2a',
      'cn',
      ' ',
      '\0',
      '(cn=x)',
    ),
    parseFilter,
  ],
  [
    'DN',
    textOf('cn', '=', ',', '+', '\\', '\\2c', '\\,', '#', '#0401', '"', ';', ' ', '\0', 'cn=x', '1.2.3'),
    parseDn,
  ],
  [
    'URL',
    textOf(
      'ldap://',
      'ldapi://',
      '/',
      '?',
      '%',
      '%2f',
      ':',
      '[',
      ']',
      '@',
      ',',
      '!',
      '=',
      'sub',
      '(cn=x)',
      'dc=x',
    ),
    parseLdapUrl,
  ],
  [
    'LDIF',
    textOf(
      'dn: cn=x\n',
      'changetype: ',
      'modify\n',
      'modrdn\n',
      'add: cn\n',
      '-\n',
      '\n',
      ' ',
      '#',
      'cn:: ',
      'eA==\n',
      ':<',
      'control: 1.2 true: ',
      '\r\n',
      'version: 1\n',
    ),
    parseLdif,
  ],
  [
    'schema definition',
    textOf('( ', ' )', '1.2 ', "'", "'a' ", '$', 'NAME ', 'SUP ', 'MUST ', 'SINGLE-VALUE '),
    parseDefinition,
  ],
]

test.each(cases)('any text is a %s or refused as none', (_, texts, read) => {
  fc.assert(
    fc.property(texts, (text) => {
      const outcome = attempt(() => read(text))
      expect(
        outcome instanceof Error && !(outcome instanceof LdapSyntaxError) ? outcome : undefined,
      ).toBeUndefined()
    }),
    { numRuns: 5_000 },
  )
})

function attempt(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
