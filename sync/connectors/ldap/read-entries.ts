import type { Control } from '../../../src/ldap/control.ts'
import { domainScope } from '../../../src/ldap/controls/domain-scope.ts'
import { manageDsaIt } from '../../../src/ldap/controls/manage-dsa-it.ts'
import { readPagedResults } from '../../../src/ldap/controls/paged-results.ts'
import type { Filter } from '../../../src/ldap/filter.ts'
import { resultCode } from '../../../src/ldap/result-code.ts'
import { LdapError } from '../../../src/ldap/result.ts'
import type { Search } from '../../../src/ldap/search.ts'
import type { Scope } from '../../../src/ldap/search-message.ts'
import type { FoundEntry } from '../../../src/ldap/wire-entry.ts'
import type { SyncRecord } from '../../record.ts'
import { IncompleteSource, type Wanted } from '../connector.ts'
import { incomplete } from './incomplete.ts'
import type { LdapSide, LdapSideOptions } from './ldap-side.ts'
import { recordOf } from './record-of.ts'

/** Milliseconds that a server may be silent while it looks for candidates without an index. */
export const READ_TIMEOUT = 120_000
/** For servers that allow the account fewer (slapd: `size.pr`). */
const SMALLER_PAGES = [500, 100, 20]

export type EntryQuery = {
  readonly base: string
  readonly scope: Scope
  readonly filter: Filter
  readonly attributes: readonly string[]
  readonly signal?: AbortSignal | undefined
  /** Beside those of every read. */
  readonly controls?: readonly Control[]
  /** Default as the side has it. */
  readonly referrals?: LdapSideOptions['referrals']
}

/** Every entry of the side, in constant memory. Throws `IncompleteSource` rather than end early. */
export async function* readEntries(side: LdapSide, wanted: Wanted): AsyncGenerator<SyncRecord> {
  const { base, scope, filter } = side
  const { signal } = wanted
  const attributes = requested(side, wanted.attributes)
  for await (const entry of allEntries(side, { base, scope, filter, attributes, signal })) {
    const record = recordOf(side, entry)
    // Entries with a part of their values only, which the rest is asked for, may be gone by then.
    const whole = record instanceof Promise ? await record : record
    if (whole !== undefined) yield whole
  }
}

/** The attributes to ask for: `'all'` leaves out operational ones, but for the id. */
export function requested({ product }: LdapSide, attributes: Wanted['attributes']): string[] {
  return attributes === 'all' ? ['*', product.idAttribute] : [...attributes, product.idAttribute]
}

/** Controls of every read. */
export function readControls({ product, options }: LdapSide, referrals = options.referrals): Control[] {
  const other = referrals === 'ignore' ? [manageDsaIt(false)] : []
  return product.kind === 'active-directory' ? [domainScope(), ...other] : other
}

/** The entries that match, to the last one. A page that is larger than the account may have is tried smaller. */
export async function* allEntries(side: LdapSide, query: EntryQuery): AsyncGenerator<FoundEntry> {
  const { pageSize } = side
  const sizes = [pageSize, ...SMALLER_PAGES.filter((size) => size < pageSize)]
  for (const [index, size] of sizes.entries()) {
    let isBegun = false
    try {
      const search = searchOf(side, query, size)
      for await (const entry of search) {
        isBegun = true
        yield entry
      }
      expectComplete(search, query.base, size)
      return
    } catch (error) {
      // Whoever stopped it knows why.
      query.signal?.throwIfAborted()
      const isTooLarge = error instanceof LdapError && error.code === resultCode.adminLimitExceeded
      if (isTooLarge && !isBegun && index < sizes.length - 1) continue
      throw incomplete(error, query.base, isBegun)
    }
  }
}

function searchOf(
  side: LdapSide,
  { signal, controls = [], referrals, ...query }: EntryQuery,
  size: number,
): Search {
  const { derefAliases } = side.options
  return side.pool.search({
    ...query,
    controls: [...readControls(side, referrals), ...controls],
    timeout: READ_TIMEOUT,
    ...(size > 0 && { paged: size }),
    ...(derefAliases && { derefAliases }),
    ...(signal && { signal }),
  })
}

function expectComplete({ references, outcome }: Search, base: string, size: number): void {
  const [uris] = references
  if (uris !== undefined) throw new IncompleteSource('referral', `${base}: continues at ${uris[0] ?? ''}`)
  // A server, or something before it, that leaves the control out has ignored it and may have stopped at a limit of its own.
  if (size > 0 && (outcome === undefined || readPagedResults(outcome.controls) === undefined))
    throw new IncompleteSource('truncated', `${base}: answered without saying that this was the last page`)
}
