import { afterAll, beforeAll } from 'vitest'
import type { Entry } from '../../../src/ldap/entry.ts'
import { parseFilter } from '../../../src/ldap/filter.ts'
import { formatGeneralizedTime } from '../../../src/ldap/generalized-time.ts'
import type { Operations } from '../../../src/ldap/operations.ts'
import {
  app,
  bindCode,
  codeAs,
  dnOf,
  makeSeed,
  type Peer,
  startEmbedded,
  startReal,
  ssha,
  suffix,
} from './peers.ts'

export const longAgo = '20200101000000Z'
const policyDn = (cn: string) => `cn=${cn},ou=policies,${suffix}`
const names =
  'ann ben cat dan eva fay gil hal ida jim kim leo max nat ola pat quy ray sue tom uma vic wim'.split(' ')
const seed = makeSeed({
  ...Object.fromEntries(names.map((uid) => [uid, {}])),
  locked: { pwdAccountLockedTime: '000001010000Z' },
  lockedlater: { pwdAccountLockedTime: '20991231000000Z' },
  lockedonce: { pwdAccountLockedTime: longAgo },
  early: { pwdStartTime: '20991231235959Z' },
  late: { pwdEndTime: longAgo },
  lateopen: { pwdEndTime: longAgo, pwdPolicySubentry: policyDn('open') },
  lockedopen: { pwdAccountLockedTime: '000001010000Z', pwdPolicySubentry: policyDn('open') },
  end9999: { pwdEndTime: '99991231235959Z' },
  start9999: { pwdStartTime: '99991231235959Z' },
  expiring: { pwdChangedTime: formatGeneralizedTime(new Date(Date.now() - (7_776_000 - 86_430) * 1000)) },
  reset: { pwdReset: 'TRUE' },
  reset2: { pwdReset: 'TRUE' },
  reset3: { pwdReset: 'TRUE' },
  resetopen: { pwdReset: 'TRUE', pwdPolicySubentry: policyDn('open') },
  expired: { pwdChangedTime: longAgo },
  expiredout: { pwdChangedTime: longAgo, pwdPolicySubentry: policyDn('strict') },
  strict: { pwdPolicySubentry: policyDn('strict') },
  safe: { pwdPolicySubentry: policyDn('safe') },
  young: { pwdPolicySubentry: policyDn('safe'), pwdChangedTime: formatGeneralizedTime(new Date()) },
  sasl: { userPassword: '{SASL}sasl@example.org' },
  closed: { userPassword: ssha('pw-closed').replace('}', '}!') },
})

export const as = (uid: string) => ({ dn: dnOf(uid), password: `pw-${uid}` })
export const ou = (name: string) => `ou=${name},${suffix}`
export type Case = [name: string, run: (peer: Peer) => Promise<unknown>, expected?: unknown]

/** One act of the service account. */
export const byApp = (act: (app: Operations) => Promise<unknown>) => (peer: Peer) => codeAs(peer, app, act)
export const add = (dn: string, attributes: Record<string, string | string[]>) =>
  byApp((connection) =>
    connection.add(
      dn,
      Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, [value].flat()])),
    ),
  )
export const change = (uid: string, ...changes: Parameters<Operations['modify']>[1]) =>
  byApp((connection) => connection.modify(dnOf(uid), changes))
export const set = (attribute: string, ...values: (string | Buffer)[]) =>
  ({ operation: 'replace', attribute, values }) as const
export const more = (attribute: string, ...values: (string | Buffer)[]) =>
  ({ operation: 'add', attribute, values }) as const
export const less = (attribute: string, ...values: (string | Buffer)[]) =>
  ({ operation: 'delete', attribute, values }) as const
export const find =
  (filter: string, base = suffix, ...attributes: string[]) =>
  async (peer: Peer) =>
    await codeAs(peer, app, async (connection) => {
      const { entries } = await connection.searchAll({ base, filter: parseFilter(filter), attributes })
      // The stamp of replication is what ours has not.
      const keysOf = (entry: Entry) =>
        [...entry.attributes.keys()].filter((key) => key !== 'entrycsn').toSorted()
      return entries.map((entry) => `${entry.dn}: ${keysOf(entry).join(' ')}`).toSorted()
    })
export const inTurn =
  (...steps: ((peer: Peer) => Promise<unknown>)[]) =>
  async (peer: Peer) => {
    const results: unknown[] = []
    for (const step of steps) results.push(await step(peer))
    return results
  }
export const bindAs =
  (uid: string, password = `pw-${uid}`) =>
  (peer: Peer) =>
    bindCode(peer, dnOf(uid), password)
export const passwd = (uid: string, newPassword?: string, oldPassword?: string) => (peer: Peer) =>
  codeAs(peer, as(uid), (connection, controls) =>
    connection.passwordModify(
      { ...(newPassword && { newPassword }), ...(oldPassword && { oldPassword }) },
      controls,
    ),
  )
export const read = (uid: string, ...attributes: string[]) =>
  find(`(uid=${uid})`, ou('people'), ...attributes)

/** Starts both for a test file; gives what runs a case on both. */
export function bothPeers(): (run: Case[1]) => Promise<{ embedded: unknown; slapd: unknown }> {
  let peers: [Peer, Peer] | undefined
  beforeAll(async () => {
    peers = await Promise.all([startEmbedded(seed), startReal(seed)])
  })
  afterAll(() => Promise.all((peers ?? []).map((peer) => peer.stop())))
  return async (run) => {
    if (!peers) throw new Error('not started')
    const [embedded, slapd] = await Promise.all(peers.map(run))
    return { embedded, slapd }
  }
}
