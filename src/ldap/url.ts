import { isAttributeName } from './attribute-name.ts'
import { type Dn, toDn } from './dn.ts'
import { type Filter, formatFilter, parseFilter } from './filter.ts'
import { LdapSyntaxError } from './syntax-error.ts'

/** An LDAP URL (RFC 4516). What is absent is absent; `base`, `attributes` and `scope` have the RFC's defaults. */
export type LdapUrl = {
  scheme: 'ldap' | 'ldaps' | 'ldapi'
  /** A name or an address, IPv6 without brackets; for ldapi the path of the socket. */
  host?: string
  port?: number
  base: Dn
  attributes: readonly string[]
  scope: 'base' | 'one' | 'sub'
  filter?: Filter
  extensions: readonly { critical: boolean; type: string; value?: string }[]
}

const shape =
  /^(ldap|ldaps|ldapi):\/\/([^/?#]*)(?:\/([^?#]*)(?:\?([^?#]*))?(?:\?([^?#]*))?(?:\?([^?#]*))?(?:\?([^?#]*))?)?$/i

/** Reads an LDAP URL, of a server or of a search (`memberURL`). Throws LdapSyntaxError. */
export function parseLdapUrl(text: string): LdapUrl {
  const found = shape.exec(text)
  if (!found) throw fault('expected ldap://host/base?attributes?scope?filter?extensions')
  const [, scheme = '', host = '', base = '', attributes = '', scope = '', filter = '', extensions = ''] =
    found
  return {
    ...readHost(readScheme(scheme), host),
    base: toDn(decode(base)),
    attributes: list(attributes).map(readAttribute),
    scope: readScope(scope),
    ...(filter === '' ? {} : { filter: parseFilter(decode(filter)) }),
    extensions: list(extensions).map(readExtension),
  }
}

/** Writes an LDAP URL; parts that have their default are left out from the end. */
export function formatLdapUrl(url: LdapUrl): string {
  const parts = [
    encode(url.base),
    url.attributes.map(encodeItem).join(','),
    url.scope === 'base' ? '' : url.scope,
    url.filter ? encode(formatFilter(url.filter)) : '',
    url.extensions.map(formatExtension).join(','),
  ]
  const tail = parts.join('?').replace(/\?+$/, '')
  return `${url.scheme}://${formatHost(url)}${tail === '' ? '' : `/${tail}`}`
}

function readScheme(text: string): LdapUrl['scheme'] {
  const scheme = text.toLowerCase()
  return scheme === 'ldaps' || scheme === 'ldapi' ? scheme : 'ldap'
}

function readHost(scheme: LdapUrl['scheme'], text: string): Pick<LdapUrl, 'scheme' | 'host' | 'port'> {
  if (scheme === 'ldapi') return { scheme, ...(text === '' ? {} : { host: decode(text) }) }
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]@]*))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port ?? 0) > 65_535) throw fault('expected host or host:port')
  return {
    scheme,
    ...(host === '' ? {} : { host: decode(host) }),
    ...(port === undefined ? {} : { port: Number(port) }),
  }
}

function formatHost({ scheme, host = '', port }: LdapUrl): string {
  if (scheme === 'ldapi') return encodeURIComponent(host)
  return `${host.includes(':') ? `[${host}]` : encode(host)}${port === undefined ? '' : `:${port}`}`
}

function readScope(text: string): LdapUrl['scope'] {
  const scope = text.toLowerCase()
  if (scope === '') return 'base'
  if (scope === 'base' || scope === 'one' || scope === 'sub') return scope
  throw fault('expected the scope base, one or sub')
}

function readAttribute(text: string): string {
  const name = decode(text)
  if (name !== '*' && name !== '+' && !isAttributeName(name)) throw fault('not an attribute name')
  return name
}

function readExtension(text: string): LdapUrl['extensions'][number] {
  const [, mark, type = '', value] = /^(!?)([^=]+)(?:=(.*))?$/s.exec(text) ?? []
  if (type === '') throw fault('expected an extension')
  return {
    critical: mark === '!',
    type: decode(type),
    ...(value === undefined ? {} : { value: decode(value) }),
  }
}

function formatExtension({ critical, type, value }: LdapUrl['extensions'][number]): string {
  return `${critical ? '!' : ''}${encodeItem(type)}${value === undefined ? '' : `=${encodeItem(value)}`}`
}

const list = (text: string): string[] => (text === '' ? [] : text.split(','))

/** Keeps what RFC 3986 allows and what separates nothing in an LDAP URL. */
function encode(text: string): string {
  return encodeURI(text).replace(/[?#[\]]/g, encodeURIComponent)
}

/** For a member of a list, where a comma separates. */
function encodeItem(text: string): string {
  return encode(text).replaceAll(',', '%2C')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw fault('a % that encodes nothing')
  }
}

function fault(message: string): LdapSyntaxError {
  return new LdapSyntaxError('url', message)
}
