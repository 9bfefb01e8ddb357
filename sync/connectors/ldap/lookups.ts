import { attr, isAttributeName } from '../../../src/ldap/attribute-name.ts'
import { filter, type Filter } from '../../../src/ldap/filter.ts'
import type { SyncRecord, Value } from '../../record.ts'
import { IncompleteSource, type Wanted } from '../connector.ts'
import { orIncomplete } from './incomplete.ts'
import type { LdapSide } from './ldap-side.ts'
import { allEntries, type EntryQuery, readControls, requested } from './read-entries.ts'
import { recordOf } from './record-of.ts'
import { namingContextOf } from './server-facts.ts'

/** Alternatives of one filter: servers look each up in an index. */
const AT_ONCE = 100
/** Searches that are under way together. */
const TOGETHER = 4
const NAMES_TOGETHER = 64

/** The records of the side that have one of the values, each once. */
export async function findRecords(
  side: LdapSide,
  attribute: string,
  values: readonly Value[],
  wanted: Wanted,
): Promise<readonly SyncRecord[]> {
  if (!isAttributeName(attribute))
    throw new IncompleteSource('refused', `${attribute} is no name of an attribute`)
  const filters = values.map((value) => filter`(${attr(attribute)}=${value})`)
  const { base, scope } = side
  const attributes = requested(side, wanted.attributes)
  const found = await findAny(side, filters, {
    base,
    scope,
    attributes,
    within: side.filter,
    signal: wanted.signal,
  })
  return filters.length <= 1 ? found : distinct(found)
}

/** The records with these ids, wherever in their naming context they are by now. */
export function rereadById(
  side: LdapSide,
  ids: readonly string[],
  attributes: readonly string[] | 'all',
): Promise<readonly SyncRecord[]> {
  return findAny(
    side,
    ids.map((id) => side.product.idFilter(id)),
    {
      base: namingContextOf(side.server, side.base),
      scope: 'sub',
      attributes: requested(side, attributes),
      // What else there may be on other servers is none of these.
      referrals: 'ignore',
    },
  )
}

/** The records of the side with these ids. */
export function findById(
  side: LdapSide,
  ids: readonly string[],
  attributes: Wanted['attributes'],
): Promise<readonly SyncRecord[]> {
  const { base, scope, filter: within } = side
  const filters = ids.map((id) => side.product.idFilter(id))
  return findAny(side, filters, { base, scope, attributes: requested(side, attributes), within })
}

/** The records at these DNs. */
export async function rereadByName(
  side: LdapSide,
  names: readonly string[],
  attributes: readonly string[] | 'all',
): Promise<readonly SyncRecord[]> {
  const options = { attributes: requested(side, attributes), controls: readControls(side) }
  const records = await inTurns(names, NAMES_TOGETHER, (name) =>
    orIncomplete(name, async () => {
      const entry = await side.pool.read(name, options)
      return entry && (await recordOf(side, entry))
    }),
  )
  return records.filter((record) => record !== undefined)
}

async function findAny(
  side: LdapSide,
  filters: readonly Filter[],
  { within, ...query }: Omit<EntryQuery, 'filter'> & { within?: Filter },
): Promise<SyncRecord[]> {
  const groups = Array.from({ length: Math.ceil(filters.length / AT_ONCE) }, (_, index) =>
    filters.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  )
  const found = await inTurns(groups, TOGETHER, async (group) => {
    const any: Filter = { type: 'or', filters: group }
    const both = within === undefined ? any : filter`(&${within}${any})`
    return await Array.fromAsync(allEntries(side, { ...query, filter: both }), (entry) =>
      recordOf(side, entry),
    )
  })
  return found.flat().filter((record) => record !== undefined)
}

/** Does something for each, so many at a time; the answers are in order. */
async function inTurns<T, R>(items: readonly T[], width: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let index = 0; index < items.length; index += width)
    results.push(...(await Promise.all(items.slice(index, index + width).map(act))))
  return results
}

function distinct(records: readonly SyncRecord[]): SyncRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()]
}
