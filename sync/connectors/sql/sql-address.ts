import { readFileSync } from 'node:fs'
import type { SqlConnection } from '../../../src/config/sync-connection-schema.ts'

/** Where a database is and who we are there. */
export type SqlAddress = {
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string
  readonly port: number | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string
  /** Null: in clear. */
  readonly tls: { readonly ca?: Buffer } | null
}

/** Reads the address of a connection. `host=/folder` in its query, as libpq has it, is a unix socket. Throws when the file of authorities cannot be read. */
export function sqlAddress({ url: text, user, password, tls, ca }: SqlConnection): SqlAddress {
  const url = new URL(text)
  const host = url.searchParams.get('host') ?? url.hostname.replace(/^\[|\]$/g, '')
  const isEncrypted = tls ?? !isLocal(host)
  return {
    host: host === '' ? 'localhost' : host,
    port: url.port === '' ? undefined : Number(url.port),
    user: user ?? textOf(url.username || url.searchParams.get('user')),
    password: password ?? textOf(url.password || url.searchParams.get('password')),
    database: decodeURIComponent(url.pathname.slice(1)),
    tls: isEncrypted ? (ca === undefined ? {} : { ca: readFileSync(ca) }) : null,
  }
}

function textOf(encoded: string | null): string | undefined {
  return encoded === null || encoded === '' ? undefined : decodeURIComponent(encoded)
}

function isLocal(host: string): boolean {
  return host === '' || host.startsWith('/') || /^(localhost|127(\.\d+){3}|::1)$/i.test(host)
}
