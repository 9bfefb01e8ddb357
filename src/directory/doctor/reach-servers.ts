import type { ConnectOptions, Connection } from '../../ldap/connection.ts'
import { connect } from '../../ldap/connection.ts'
import { parseEndpoint } from '../../ldap/endpoint.ts'
import { LdapFailure } from '../../ldap/failure.ts'
import { LdapError } from '../../ldap/result.ts'
import { isLoopback } from '../../config/host-name.ts'
import type { DirectoryConfig } from '../../config/directory-schema.ts'
import { certificateFindings } from './certificate.ts'
import type { Finding, Report } from './finding.ts'
import { quoted } from './fix.ts'
import type { ProbedServer } from './probe.ts'

export type Reached = { readonly findings: readonly Finding[]; readonly servers: readonly ProbedServer[] }

type How = Omit<ConnectOptions, 'url' | 'signal'>

/** Connects to each server by itself: a pool would hide the second one's fault behind the first. Those that take changes come first. */
export async function reachServers(
  { urls, primaries }: Pick<DirectoryConfig, 'urls' | 'primaries'>,
  how: How,
  report: Report,
  now: Date,
): Promise<Reached> {
  const all = [...new Set([...primaries, ...urls])]
  const reached = await Promise.all(all.map((url) => reach(url, how, report, now)))
  return {
    findings: reached.flatMap(({ findings }) => findings),
    servers: reached.flatMap(({ url, connection }) =>
      connection === undefined ? [] : [{ url, connection }],
    ),
  }
}

type ReachedServer = { url: string; findings: Finding[]; connection: Connection | undefined }

async function reach(url: string, how: How, report: Report, now: Date): Promise<ReachedServer> {
  const findings = [...unencrypted(url, how, report)]
  try {
    findings.push(...(await certificateFindings(url, how, report, now)))
    const connection = findings.some(({ severity }) => severity === 'error')
      ? undefined
      : await connect({ ...how, url })
    return { url, findings, connection }
  } catch (error) {
    return { url, findings: [...findings, unreached(url, how, report, error)], connection: undefined }
  }
}

function unencrypted(url: string, { startTls }: How, report: Report): Finding[] {
  const { protocol, hostname } = new URL(url)
  const isPlain = protocol === 'ldap:' && startTls !== true && !isLoopback(hostname.toLowerCase())
  return isPlain ? [report('connection-unencrypted', { url }, 'startTls: true')] : []
}

function unreached(url: string, { bind }: How, report: Report, error: unknown): Finding {
  if (error instanceof LdapError) {
    const dn = bind !== undefined && 'dn' in bind ? bind.dn : 'SASL EXTERNAL'
    const command =
      bind !== undefined && 'dn' in bind ? `ldapwhoami -x -H ${quoted(url)} -D ${quoted(dn)} -W` : undefined
    return report('bind-refused', { url, dn, message: error.message }, command)
  }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof LdapFailure && error.kind === 'tls') return report('tls-failed', { url, message })
  return report('server-unreachable', { url, message }, connectCommand(url))
}

function connectCommand(url: string): string {
  const endpoint = parseEndpoint(url)
  return endpoint.type === 'unix'
    ? `ls -l ${quoted(endpoint.path)}`
    : `nc -vz ${quoted(endpoint.host)} ${endpoint.port}`
}
