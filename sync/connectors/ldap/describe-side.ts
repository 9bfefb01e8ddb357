import { parseFilter } from '../../../src/ldap/filter.ts'
import type { Operations } from '../../../src/ldap/operations.ts'
import { attributeRules } from './attribute-rules.ts'
import type { LdapConnection, LdapSide, LdapSideOptions } from './ldap-side.ts'
import { productOf } from './product.ts'
import { readServerFacts, readServerSchema } from './server-facts.ts'

/** slapd looks for its candidates anew for each page: with 2,000 that costs a tenth of the time, with 500 half of it. */
const PAGE = 2_000

/** What is known of a side once its server was asked. Throws LdapSyntaxError for a filter that is none. */
export async function describeSide(
  pool: Operations,
  { kind, idAttribute }: Pick<LdapConnection, 'kind' | 'idAttribute'>,
  options: LdapSideOptions,
): Promise<LdapSide> {
  const filter = parseFilter(options.filter ?? '(objectClass=*)')
  const server = await readServerFacts(pool)
  const schema = await readServerSchema(pool, server.subschema)
  const product = productOf(kind ?? server.kind, idAttribute)
  const binary = new Set((options.binary ?? []).map((name) => name.toLowerCase()))
  const rules = attributeRules(schema, product.kind, binary)
  const { base, scope = 'sub', pageSize = PAGE } = options
  const record = {
    idAttribute: product.idAttribute.toLowerCase(),
    idOf: (value: Buffer) => product.idOf(value),
    isBinary: (attribute: string) => rules.of(attribute).isBinary,
  }
  return { pool, product, record, rules, schema, server, base, scope, filter, pageSize, options }
}
