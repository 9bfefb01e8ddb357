import type { DirectoryConfig, DirectoryKind } from '../../config/directory-schema.ts'
import { connect, type Connection } from '../../ldap/connection.ts'
import { isWithin } from '../../ldap/dn.ts'
import { LdapFailure } from '../../ldap/failure.ts'
import { LdapError } from '../../ldap/result.ts'
import { namingContexts } from '../naming-contexts.ts'
import { securedEndpoint } from './certificate.ts'
import { databasePages } from './database-pages.ts'
import { lookAtCertificate } from './look-at-certificate.ts'
import { connectOptions } from './open-probe.ts'
import type { ProbedServer } from './probe.ts'
import { replicaLags } from './replica-lag.ts'

/** What monitoring is told of one server. What cannot be seen is absent. */
export type ServerFigures = {
  readonly url: string
  /** Whether it lets the service account in. */
  readonly isUp: boolean
  readonly certificateEnds?: Date
  /** How far it is behind the others, in seconds: of OpenLDAP with several servers. */
  readonly lag?: number
  /** How full the database is, from 0 to 1: of OpenLDAP. The fullest of several. */
  readonly databaseUsed?: number
}

/** What the doctor looks at again and again, of every server of a directory by itself. `bases`: the branches that are used there. */
export async function measureServers(
  config: DirectoryConfig,
  kind: DirectoryKind,
  bases: readonly string[],
): Promise<ServerFigures[]> {
  const how = connectOptions(config)
  const urls = [...new Set([...config.primaries, ...config.urls])]
  const looked = await Promise.all(
    urls.map(async (url) => {
      const endpoint = securedEndpoint(url, how)
      const [certificate, connection] = await Promise.all([
        endpoint && unlessAway(() => lookAtCertificate(endpoint, how)),
        unlessAway(() => connect({ ...how, url })),
      ])
      return { url, certificateEnds: certificate?.end, connection }
    }),
  )
  const servers = looked.flatMap(({ url, connection }) => (connection ? [{ url, connection }] : []))
  try {
    const slapds = kind === 'openldap' ? await measureSlapds(servers, bases) : new Map<string, SlapdFigures>()
    return looked.map(({ url, certificateEnds, connection }) => ({
      url,
      isUp: connection !== undefined,
      ...(certificateEnds && { certificateEnds }),
      ...slapds.get(url),
    }))
  } finally {
    for (const { connection } of servers) connection.unbind()
  }
}

type SlapdFigures = Pick<ServerFigures, 'lag' | 'databaseUsed'>

async function measureSlapds(
  servers: readonly ProbedServer[],
  bases: readonly string[],
): Promise<Map<string, SlapdFigures>> {
  const suffixes = await suffixesOf(servers, bases)
  const replicated = servers.length > 1 ? suffixes : []
  const lags = await Promise.all(replicated.map((suffix) => replicaLags(servers, suffix)))
  const figures = servers.map(async ({ url, connection }) => {
    const lag = most(lags.flatMap((some) => some.filter((one) => one.url === url)).map((one) => one.seconds))
    const databaseUsed = most(await Promise.all(suffixes.map((suffix) => shareUsed(connection, suffix))))
    const seen = {
      ...(lag !== undefined && { lag }),
      ...(databaseUsed !== undefined && { databaseUsed }),
    }
    return [url, seen] as const
  })
  return new Map(await Promise.all(figures))
}

/** Suffixes of the databases that hold the branches. All servers hold the same. */
async function suffixesOf([server]: readonly ProbedServer[], bases: readonly string[]): Promise<string[]> {
  if (server === undefined) return []
  const contexts = await namingContexts(server.connection)
  return contexts.filter((suffix) => bases.some((base) => isWithin(base, suffix)))
}

async function shareUsed(connection: Connection, suffix: string): Promise<number | undefined> {
  const pages = await databasePages(connection, suffix)
  return pages && pages.used / pages.most
}

function most(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

/** A server that is away, or that refuses us, is told as such; its fault is in the log of who uses it, and the doctor explains it. */
async function unlessAway<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof LdapFailure || error instanceof LdapError) return undefined
    throw error
  }
}
