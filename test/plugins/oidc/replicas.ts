import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { migrate } from '../../../src/store/migrate.ts'
import { freePort } from '../../support/free-port.ts'
import { testDatabase } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { startService, type ServiceOptions, type TestService } from './service.ts'

export type Replicas = {
  /** The first answers at the issuer's address. */
  first: TestService
  second: TestService
  slapd: Slapd
  /** For further replicas. */
  options: ServiceOptions
  stop(): Promise<void>
}

/** Two replicas of the service on one Redis and one PostgreSQL. */
export async function startReplicas(
  options: Omit<ServiceOptions, 'slapd' | 'redisUrl' | 'databaseUrl' | 'port' | 'issuer'> & {
    redisUrl?: string
  } = {},
): Promise<Replicas> {
  const [slapd, database, redisUrl, port] = await Promise.all([
    startSlapd(),
    testDatabase(),
    options.redisUrl ?? testRedis(),
    freePort(),
  ])
  await migrate(database.url)
  const shared = {
    issuer: `http://localhost:${port}`,
    ...options,
    slapd,
    redisUrl,
    databaseUrl: database.url,
  }
  const first = await startService({ ...shared, port })
  const second = await startService(shared)
  return {
    first,
    second,
    slapd,
    options: shared,
    async stop() {
      await Promise.all([first.stop(), second.stop()])
      await slapd.stop()
    },
  }
}

/** Fields of a form; pairs when a name comes twice. */
export type Form = Record<string, string> | [string, string][]

export type RawAnswer = {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A request to one replica, with any Host header. */
export async function ask(
  { address, issuer }: Pick<TestService, 'address' | 'issuer'>,
  path: string,
  {
    method = 'GET',
    headers = {},
    form,
  }: { method?: string; headers?: Record<string, string>; form?: Form } = {},
): Promise<RawAnswer> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString()
  const outgoing = request(`${address}${path}`, {
    method,
    headers: {
      host: new URL(issuer).host,
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
  })
  outgoing.end(body)
  const [answer] = await once(outgoing, 'response')
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

/** A token request to one replica. */
export async function redeemAt(
  replica: Pick<TestService, 'address' | 'issuer'>,
  form: Record<string, string>,
  { id, secret }: { id: string; secret: string },
): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}` }
  const { status, body } = await ask(replica, '/oauth2/token', { method: 'POST', headers, form })
  return { status, body: z.record(z.string(), z.unknown()).parse(JSON.parse(body)) }
}
