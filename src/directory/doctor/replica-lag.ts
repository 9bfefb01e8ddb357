import { setTimeout as pause } from 'node:timers/promises'
import { text } from '../../ldap/entry.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import { LdapError } from '../../ldap/result.ts'
import type { ProbedServer } from './probe.ts'

/** `seconds`: undefined where the server tells nobody, or not us. */
export type ReplicaLag = { readonly url: string; readonly seconds: number | undefined }

/** Time of the newest change that a server has of each server that takes changes. */
type Times = ReadonlyMap<string, number>

/** Milliseconds after which a change that was just made is everywhere, if replication works. */
const ON_ITS_WAY = 2_000

/**
 * How far several slapds are apart: the time between the newest change that a server has and the newest that any of them has, as each says in its
 * contextCSN. A change that is just on its way is no lag, however long ago the one before it was made: who lacks something is asked again.
 */
export async function replicaLags(servers: readonly ProbedServer[], suffix: string): Promise<ReplicaLag[]> {
  const seen = await Promise.all(
    servers.map(async (server) => ({ server, times: await timesOf(server, suffix) })),
  )
  const newest = new Map<string, number>()
  for (const [id, time] of seen.flatMap(({ times }) => [...times]))
    newest.set(id, Math.max(newest.get(id) ?? 0, time))
  const lagOf = (times: Times) =>
    Math.max(0, ...[...newest].map(([id, time]) => time - (times.get(id) ?? 0))) / 1_000
  if (seen.some(({ times }) => times.size > 0 && lagOf(times) > 0)) await pause(ON_ITS_WAY)
  return await Promise.all(
    seen.map(async ({ server, times }) => {
      const isBehind = times.size > 0 && lagOf(times) > 0
      const last = isBehind ? await timesOf(server, suffix) : times
      return { url: server.url, seconds: last.size === 0 ? undefined : lagOf(last) }
    }),
  )
}

async function timesOf({ connection }: ProbedServer, suffix: string): Promise<Times> {
  try {
    const entry = await connection.read(suffix, { attributes: ['contextCSN'] })
    const values = entry === undefined ? [] : text(entry, 'contextCSN')
    // 20261125081855.468624Z#000000#001#000000: time, count, server, part.
    return new Map(
      values.flatMap((value) => {
        const [time = '', , id = ''] = value.split('#')
        const parsed = parseGeneralizedTime(time)
        return parsed === null ? [] : [[id, parsed.getTime()] as const]
      }),
    )
  } catch (error) {
    if (error instanceof LdapError) return new Map()
    throw error
  }
}
