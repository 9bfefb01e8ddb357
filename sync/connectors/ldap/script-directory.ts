import type { LdapConnection as ConnectionConfig } from '../../../src/config/sync-connection-schema.ts'
import { poolOptions } from '../../../src/directory/open-directory.ts'
import { filter, parseFilter } from '../../../src/ldap/filter.ts'
import { first } from '../../../src/ldap/entry.ts'
import { createPool, type Pool } from '../../../src/ldap/pool.ts'
import { resultCode } from '../../../src/ldap/result-code.ts'
import { LdapError } from '../../../src/ldap/result.ts'
import { parseLdapUrl } from '../../../src/ldap/url.ts'
import type { ScriptDirectory } from '../../expressions/expressions.ts'
import type { SyncRecord } from '../../record.ts'
import { describeSide } from './describe-side.ts'
import { orIncomplete } from './incomplete.ts'
import { allEntries } from './read-entries.ts'
import { recordOf } from './record-of.ts'

const REFUSED: ReadonlySet<number> = new Set([
  resultCode.noSuchObject,
  resultCode.inappropriateAuthentication,
  resultCode.invalidCredentials,
  resultCode.insufficientAccessRights,
  resultCode.unwillingToPerform,
])
const ATTEMPTS = 5

/**
 * What the scripts of an imported task read. `contextDn`: of the URL in the lsc.xml, which names in scripts are relative to. Throws `IncompleteSource` when no
 * server answers.
 */
export async function openScriptDirectory(
  connection: ConnectionConfig,
  contextDn: string,
): Promise<ScriptDirectory & { close(): Promise<void> }> {
  const options = poolOptions(connection)
  const pool = createPool(options)
  const side = await orIncomplete(contextDn, () =>
    describeSide(pool, { kind: connection.product }, { base: contextDn }),
  ).catch(async (error: unknown) => {
    await pool.close(0)
    throw error
  })
  const withServer = async <T>(url: string, act: (server: Pool) => Promise<T>): Promise<T> => {
    const server = createPool({ ...options, urls: [url] })
    try {
      return await act(server)
    } finally {
      await server.close(0)
    }
  }
  return {
    contextDn,
    search: async (base, scope, text, attributes) => {
      const names = attributes.length === 0 ? ['1.1'] : attributes
      const query = { base, scope, filter: parseFilter(text), attributes: names }
      return (
        await orNone(Array.fromAsync(allEntries(side, query), (entry) => recordOf(side, entry)))
      ).filter((record): record is SyncRecord => record !== undefined)
    },
    canBind: (url, dn, password) => withServer(serverOf(url), (server) => isAccepted(server, dn, password)),
    canBindFound: (url, password) =>
      withServer(serverOf(url), async (server) => {
        const { base, scope, filter: wanted = filter`(objectClass=*)` } = parseLdapUrl(url)
        const { entries } = await server.searchAll({ base, scope, filter: wanted, attributes: ['1.1'] })
        const [entry, ...others] = entries
        return entry !== undefined && others.length === 0 && (await isAccepted(server, entry.dn, password))
      }),
    nextValue: (dn, attribute) => nextValue(pool, dn, attribute),
    close: () => pool.close(),
  }
}

/** A branch that is not there has no entries. */
async function orNone<T>(found: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await found
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (cause instanceof LdapError && cause.code === resultCode.noSuchObject) return []
    throw error
  }
}

function serverOf(url: string): string {
  return url.replace(/^(\w+:\/\/[^/?]*).*$/s, '$1')
}

async function isAccepted(server: Pool, dn: string, password: string): Promise<boolean> {
  // RFC 4513, 5.1.2: a server may accept a name without a password, which proves nothing.
  if (password === '') return false
  try {
    await server.verifyBind(dn, password)
    return true
  } catch (error) {
    if (error instanceof LdapError && REFUSED.has(error.code)) return false
    throw error
  }
}

/** Counts up where others may do so at the same time: the old value is taken out by name, so that only one of them succeeds. */
async function nextValue(pool: Pool, dn: string, attribute: string): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const entry = await pool.read(dn, { attributes: [attribute] })
    const current = entry === undefined ? undefined : first(entry, attribute)
    if (current === undefined || !/^-?\d+$/.test(current)) return -1
    const next = Number(current) + 1
    try {
      await pool.modify(dn, [
        { operation: 'delete', attribute, values: [current] },
        { operation: 'add', attribute, values: [String(next)] },
      ])
      return next
    } catch (error) {
      if (!(error instanceof LdapError)) throw error
    }
  }
  return -1
}
