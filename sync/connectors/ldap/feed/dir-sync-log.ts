import { guidText } from '../../../../src/directory/active-directory/object-guid.ts'
import {
  DIR_SYNC,
  dirSync,
  type DirSyncResult,
  readDirSyncResult,
} from '../../../../src/ldap/controls/dir-sync.ts'
import { bytes, first } from '../../../../src/ldap/entry.ts'
import { filter } from '../../../../src/ldap/filter.ts'
import { filterAttributes } from '../../../../src/ldap/filter-attributes.ts'
import type { Operations } from '../../../../src/ldap/operations.ts'
import { resultCode } from '../../../../src/ldap/result-code.ts'
import { LdapError } from '../../../../src/ldap/result.ts'
import type { FoundEntry } from '../../../../src/ldap/wire-entry.ts'
import { IncompleteSource, type Wanted } from '../../connector.ts'
import type { LdapSide } from '../ldap-side.ts'
import { READ_TIMEOUT } from '../read-entries.ts'
import { namingContextOf } from '../server-facts.ts'
import type { ChangeLog } from './change-log.ts'

/** Names and parents change by a rename; deleted objects have lost almost everything else. */
const ALWAYS = ['objectGUID', 'isDeleted', 'name', 'parentGUID']

/**
 * Changes by replication (DirSync): the cookie is good at every controller of the domain, and deletes are told. Undefined when the account may not
 * ("Replicating Directory Changes"), or the server does not know it.
 */
export async function openDirSyncLog(
  side: LdapSide,
  connection: Operations,
  wanted: Wanted['attributes'],
): Promise<ChangeLog | undefined> {
  if (!side.server.controls.has(DIR_SYNC)) return undefined
  const context = namingContextOf(side.server, side.base)
  const changes = (place: string, attributes: readonly string[], visit: Visit) =>
    replicate(connection, { context, attributes, cookie: Buffer.from(place, 'base64') }, visit)
  if (!(await isAllowed(connection, context))) return undefined
  // Also what decides whether an entry is of the side.
  const told = [...(wanted === 'all' ? ['*'] : wanted), ...filterAttributes(side.filter), ...ALWAYS]
  return {
    way: 'dirsync',
    tellsDeletes: true,
    now: () => changes('', ['isDeleted'], () => {}),
    async since(place) {
      const changed: string[] = []
      const deleted: string[] = []
      try {
        const next = await changes(place, told, (entry) => {
          const [guid] = bytes(entry, 'objectGUID')
          if (guid === undefined) return
          if (first(entry, 'isDeleted') === 'TRUE') deleted.push(guidText(guid))
          else changed.push(guidText(guid))
        })
        return { changed, deleted, place: next }
      } catch (error) {
        if (isStale(error)) return undefined
        throw error
      }
    },
  }
}

async function isAllowed(connection: Operations, context: string): Promise<boolean> {
  try {
    await answerTo(connection, { context, attributes: ['isDeleted'], cookie: Buffer.alloc(0) }, () => {})
    return true
  } catch (error) {
    // Who may not replicate.
    if (error instanceof LdapError && error.code === resultCode.insufficientAccessRights) return false
    throw error
  }
}

type Question = { readonly context: string; readonly attributes: readonly string[]; readonly cookie: Buffer }
type Visit = (entry: FoundEntry) => void

/** The answers one after the other; gives the cookie behind the last. */
async function replicate(connection: Operations, question: Question, visit: Visit): Promise<string> {
  let { cookie } = question
  for (;;) {
    const result = await answerTo(connection, { ...question, cookie }, visit)
    cookie = result.cookie
    if (!result.more) return cookie.toString('base64')
  }
}

async function answerTo(
  connection: Operations,
  { context, attributes, cookie }: Question,
  visit: Visit,
): Promise<DirSyncResult> {
  const search = connection.search({
    base: context,
    filter: filter`(objectClass=*)`,
    attributes,
    controls: [dirSync({ cookie })],
    timeout: READ_TIMEOUT,
  })
  for await (const entry of search) visit(entry)
  const result = search.outcome && readDirSyncResult(search.outcome.controls)
  if (result !== undefined) return result
  throw new IncompleteSource('truncated', `${context}: changes without a cookie for the next ones`)
}

/** Whatever a server says of a cookie that it cannot read or that is of another domain. */
function isStale(error: unknown): boolean {
  return error instanceof LdapError && error.code !== resultCode.insufficientAccessRights
}
