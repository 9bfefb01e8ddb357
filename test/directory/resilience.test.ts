import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { directorySchema } from '../../src/config/directory-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { first } from '../../src/ldap/entry.ts'
import { dn, type Dn, toDn } from '../../src/ldap/dn.ts'
import { until } from '../support/poll.ts'
import { startReplicated, type Replicated } from '../support/replicas.ts'
import type { Slapd } from '../support/slapd.ts'
import { accepted } from './suite/suite.ts'

const CONNECTIONS = 16

let servers: Replicated
let near: Slapd
let far: Slapd
let directory: Directory

beforeAll(async () => {
  servers = await startReplicated(2)
  const [one, other] = servers.replicas
  if (one === undefined || other === undefined) throw new Error('two replicas were expected')
  ;[near, far] = [one, other]
  directory = open()
})
afterAll(async () => {
  await directory.close()
  await servers.stop()
})

/** Reads at the first replica, then at the second, writes at the primary. */
function open(): Directory {
  const { url, appDn, appPassword, suffix } = servers.primary
  const config = directorySchema.parse({
    name: 'main',
    urls: [near.url, far.url],
    primaries: [url],
    bind: { dn: appDn, password: appPassword },
    defaultPolicy: `cn=default,ou=policies,${suffix}`,
  })
  return openDirectory(config, 'openldap')
}

const personDn = (n: number) => dn`uid=${loginOf(n)},${toDn(`ou=people,${servers.primary.suffix}`)}`
const loginOf = (n: number) => `u${String(n).padStart(6, '0')}`

/** `slow`: how many requests took longer than 300 ms. */
type Load = { failures: unknown[]; wrong: string[]; done: number; longest: number; slow: number }

/** Sixteen people at once, each read, signed in, reset and signed in anew in turn; every answer is looked at. */
function load(): Load & { stop(): Promise<void> } {
  const state = { failures: new Array<unknown>(), wrong: new Array<string>(), done: 0, longest: 0, slow: 0 }
  const end = new AbortController()
  const work = async (worker: number) => {
    const acts = actsOf(worker, state.wrong)
    for (let round = 0; !end.signal.aborted; round++) {
      const began = performance.now()
      await acts[round % acts.length]?.(round).catch((error: unknown) => state.failures.push(error))
      const took = performance.now() - began
      state.done += 1
      state.longest = Math.max(state.longest, took)
      if (took > 300) state.slow += 1
    }
  }
  const workers = Promise.all(Array.from({ length: CONNECTIONS }, (_, worker) => work(worker)))
  return Object.assign(state, {
    stop: async () => {
      end.abort()
      await workers
    },
  })
}

function actsOf(worker: number, wrong: string[]): ((round: number) => Promise<void>)[] {
  const reader = personDn(10 + worker)
  const writer = personDn(30 + worker)
  let password: string | undefined
  const signIn = async (person: Dn, secret: string) => {
    const { outcome } = await directory.verifyPassword(person, secret)
    if (outcome !== 'accepted') wrong.push(`${outcome} ${person}`)
  }
  return [
    async () => {
      const entry = await directory.read(reader, ['uid'])
      if (entry === null || first(entry, 'uid') !== loginOf(10 + worker)) wrong.push(`read ${reader}`)
    },
    () => signIn(reader, `pw-${loginOf(10 + worker)}`),
    async () => {
      const query = { base: personDn(9), filter: directory.people, attributes: ['uid'], limit: 1 }
      const { entries } = await directory.find({ ...query, scope: 'base' })
      if (entries.length !== 1) wrong.push('find')
    },
    async (round) => {
      const next = `round-${round}-of-${worker}`
      password = undefined
      const { outcome } = await directory.setPassword(writer, accepted(next), { mustChange: false })
      if (outcome === 'written') password = next
      else wrong.push(`reset ${outcome} ${writer}`)
    },
    async () => {
      if (password !== undefined) await signIn(writer, password)
    },
  ]
}

/** Whether it costs reads and sign-ins nothing but time when the near replica goes; writes do not need it. */
async function withoutNear(go: () => unknown): Promise<Load> {
  const running = load()
  await until(() => running.done > 200, { within: 10_000 })
  const gone = performance.now()
  await go()
  const before = running.done
  await until(() => performance.now() > gone + 1_500, { within: 5_000 })
  await running.stop()
  expect(running.done).toBeGreaterThan(before + 200)
  return running
}

describe('under the load of sixteen connections', () => {
  test('a replica that is killed costs no more than what was in flight, and nothing after a second', async () => {
    const { wrong, failures, longest } = await withoutNear(() => near.kill('SIGKILL'))
    await near.restart()
    expect({ wrong, failures }).toEqual({ wrong: [], failures: [] }) // fewer than those in flight: all was sent again
    expect(longest).toBeLessThan(1_000)
  })

  test('a replica that stops answering costs less than a second, once, and no request', async () => {
    const { wrong, failures, longest, slow } = await withoutNear(() => near.pause())
    near.resume()
    expect({ wrong, failures }).toEqual({ wrong: [], failures: [] })
    expect(longest).toBeLessThan(1_000)
    expect(slow).toBeLessThanOrEqual(CONNECTIONS)
  })
})

/** Asks again and again for so long. Gives the longest that an answer took; each must be that nobody answers. */
async function refusalsFor(milliseconds: number): Promise<number> {
  const began = performance.now()
  const answers: PromiseSettledResult<unknown>[] = []
  let longest = 0
  const ask = async () => {
    const asked = performance.now()
    const acts = [
      directory.read(personDn(10), ['uid']),
      directory.verifyPassword(personDn(10), 'pw'),
      directory.setPassword(personDn(10), accepted('never-to-be-set'), { mustChange: false }),
    ]
    answers.push(...(await Promise.allSettled(acts)))
    longest = Math.max(longest, performance.now() - asked)
    return performance.now() > began + milliseconds
  }
  await until(ask, { within: milliseconds + 10_000, every: 20 })
  const refusal = {
    status: 'rejected',
    reason: { code: 'directory-unavailable', retryAfter: expect.any(Number) },
  }
  for (const answer of answers) expect(answer).toMatchObject(refusal)
  return longest
}

/** Milliseconds until a person is read. */
async function timeToRead(): Promise<number> {
  const began = performance.now()
  await until(async () => (await directory.read(personDn(10), ['uid'])) !== null, {
    within: 5_000,
    every: 10,
  })
  return performance.now() - began
}

describe('without any server every request is refused within two seconds, and served within one when one is back', () => {
  test('after all were killed, however long ago', async () => {
    await Promise.all([near, far, servers.primary].map((slapd) => slapd.kill('SIGKILL')))
    expect(await refusalsFor(2_000)).toBeLessThan(2_000)
    await far.restart()
    expect(await timeToRead()).toBeLessThan(1_000)
    await Promise.all([near, servers.primary].map((slapd) => slapd.restart()))
  })

  // A second of a machine that does something else besides is no second: once more, then.
  test('after all stopped answering', { retry: 2 }, async () => {
    await until(() => directory.read(personDn(10), ['uid']).then(Boolean), { within: 5_000 })
    const all = [near, far, servers.primary]
    await Promise.all(all.map((slapd) => slapd.pause()))
    const longest = await refusalsFor(500).finally(() => all.forEach((slapd) => slapd.resume()))
    expect(longest).toBeLessThan(2_000)
    expect(await timeToRead()).toBeLessThan(1_000)
  })
})
