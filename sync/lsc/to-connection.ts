import { z } from 'zod'
import { isLoopback } from '../../src/config/host-name.ts'
import { type SyncConnection, syncConnectionSchema } from '../../src/config/sync-connection-schema.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'
import { formatLdapUrl, parseLdapUrl } from '../../src/ldap/url.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { jdbcUrl } from './jdbc-url.ts'
import type { LscConnection, LscDatabaseConnection, LscLdapConnection } from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import { slug } from './slug.ts'

/** A connection of ours. Null: `notes` say why there is none. */
export type ConvertedConnection = {
  readonly connection: SyncConnection | null
  /** Of an LDAP URL: the DN that scripts leave out of names. */
  readonly contextDn: string
  readonly notes: readonly LscNote[]
}

/** `ca`: a file of authorities to trust instead of the system's, where LSC had Java's trust store. */
export function toConnection(given: LscConnection, ca?: string): ConvertedConnection {
  const notes: LscNote[] = [...given.notes]
  const note = (weight: LscNote['weight'], text: string): void =>
    void notes.push({ weight, line: given.line, text: `${given.name}: ${text}` })
  const none = (text: string): ConvertedConnection => {
    note('cannot', text)
    return { connection: null, contextDn: '', notes }
  }
  // The executable plug-in wants one that says nothing; tasks that use another cannot be run, which they say.
  if (given.kind === 'plugin') return { connection: null, contextDn: '', notes }
  const made = given.kind === 'ldap' ? ldap(given, note) : database(given)
  if (typeof made === 'string') return none(made)
  const { contextDn, ...written } = made
  const parsed = syncConnectionSchema.safeParse(ca === undefined ? written : { ...written, ca })
  if (!parsed.success) return none(z.prettifyError(parsed.error))
  return { connection: notes.some(isFatal) ? null : parsed.data, contextDn, notes }
}

function isFatal({ weight }: LscNote): boolean {
  return weight === 'cannot'
}

type Made = { readonly contextDn: string; readonly kind: string; readonly [key: string]: unknown } | string

function ldap(given: LscLdapConnection, note: (weight: LscNote['weight'], text: string) => void): Made {
  const { authentication, username, password, tlsActivated } = given
  if (authentication === 'GSSAPI' || authentication === 'SASL' || authentication === 'DIGEST-MD5')
    return `authentication by ${authentication} is not supported: use SIMPLE over TLS`
  if (authentication === 'NONE' || username === '')
    return 'an account is needed: anonymous connections are not supported'
  if (given.referral === 'FOLLOW' || given.referral === 'THROUGH')
    note('differs', 'a referral is not followed: the source counts as incomplete, and nothing is deleted')
  try {
    // JNDI takes several, with blanks between them.
    const urls = given.url.split(/\s+/).map(parseLdapUrl)
    if (urls.some(({ host, scheme }) => host === undefined && scheme !== 'ldapi'))
      return 'a URL without a host, to be found by DNS, is not supported: name the servers'
    const clear = urls.some(({ scheme, host }) => scheme === 'ldap' && !isLocal(host)) && !tlsActivated
    if (clear) note('differs', 'passwords cross the network in clear: use ldaps:// or tlsActivated')
    return {
      kind: 'ldap',
      name: slug(given.name),
      urls: urls.map((url) => formatLdapUrl({ ...url, base: toDn(''), attributes: [], scope: 'base' })),
      startTls: tlsActivated,
      ...(clear && { allowCleartext: true }),
      bind: { dn: username, password },
      contextDn: urls[0]?.base ?? '',
    }
  } catch (error) {
    if (error instanceof LdapSyntaxError) return error.message
    throw error
  }
}

function isLocal(host: string | undefined): boolean {
  return host === undefined || isLoopback(host.includes(':') ? `[${host}]` : host.toLowerCase())
}

function database({ name, url, username, password }: LscDatabaseConnection): Made {
  const found = jdbcUrl(url)
  if (typeof found === 'string') return found
  const account = {
    ...(username === '' ? {} : { user: username }),
    ...(password === '' ? {} : { password }),
  }
  return { ...found, name: slug(name), ...account, contextDn: '' }
}
