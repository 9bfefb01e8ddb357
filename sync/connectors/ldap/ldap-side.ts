import type { DirectoryKind } from '../../../src/config/directory-schema.ts'
import type { Filter } from '../../../src/ldap/filter.ts'
import type { Operations } from '../../../src/ldap/operations.ts'
import type { PoolOptions } from '../../../src/ldap/pool.ts'
import type { Schema } from '../../../src/ldap/schema.ts'
import type { DerefAliases, Scope } from '../../../src/ldap/search-message.ts'
import type { AttributeRules } from './attribute-rules.ts'
import type { RecordKind } from './ldap-record.ts'
import type { Product } from './product.ts'
import type { ServerFacts } from './server-facts.ts'

/** The servers of a side and who we are there: a tenant's directory (`poolOptions`), or a connection of its own. */
export type LdapConnection = {
  readonly pool: PoolOptions
  /** Servers that take writes, where those of the pool are replicas. */
  readonly primaries?: readonly string[]
  /** Asked of the server when absent. */
  readonly kind?: DirectoryKind | undefined
  /** Attribute of the immutable id, where it is not the product's own (entryUUID, objectGUID, nsUniqueId). */
  readonly idAttribute?: string | undefined
}

export type LdapSideOptions = {
  /** A destination is read where it is written: at a primary. Default `destination`. */
  readonly role?: 'source' | 'destination'
  readonly base: string
  /** Default `sub`. */
  readonly scope?: Scope
  /** RFC 4515. Default `(objectClass=*)`. */
  readonly filter?: string
  /** More attributes whose values are bytes than the schema says. */
  readonly binary?: readonly string[]
  /** Entries of a page; 0 reads without pages, up to the server's limit. Default 2,000. */
  readonly pageSize?: number
  /** A reference to another server makes the read incomplete; `ignore` takes the referral objects for entries (ManageDsaIT). Default `fail`. */
  readonly referrals?: 'fail' | 'ignore'
  readonly derefAliases?: DerefAliases
  /** Writes with slapd's relax control. */
  readonly relax?: boolean
}

/** A side that is open: what its parts share. */
export type LdapSide = {
  /** Several servers, or the one connection of a feed. */
  readonly pool: Operations
  readonly product: Product
  readonly record: RecordKind
  readonly rules: AttributeRules
  readonly schema: Schema | undefined
  readonly server: ServerFacts
  readonly base: string
  readonly scope: Scope
  readonly filter: Filter
  readonly pageSize: number
  readonly options: LdapSideOptions
}
