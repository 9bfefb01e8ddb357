import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { directorySchema } from '../../src/config/directory-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { first } from '../../src/ldap/entry.ts'
import { dn, toDn } from '../../src/ldap/dn.ts'
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

type Failure = { at: number; error: unknown }
type Load = { failures: Failure[]; wrong: string[]; done: number; stop(): Promise<void> }

/** Sixteen people at once, each reading, signing in and being reset in turn; every answer is looked at. */
function load(): Load {
  const state = { failures: new Array<Failure>(), wrong: new Array<string>(), done: 0, isOver: false }
  const work = async (worker: number) => {
    for (let round = 0; !state.isOver; round++) {
      try {
        await act(worker, round, state.wrong)
        state.done += 1
      } catch (error) {
        state.failures.push({ at: performance.now(), error })
      }
    }
  }
  const workers = Promise.all(Array.from({ length: CONNECTIONS }, (_, worker) => work(worker)))
  return Object.assign(state, {
    stop: async () => {
      state.isOver = true
      await workers
    },
  })
}

async function act(worker: number, round: number, wrong: string[]): Promise<void> {
  const reader = personDn(10 + worker)
  switch (round % 4) {
    case 0: {
      const entry = await directory.read(reader, ['uid'])
      if (entry === null || first(entry, 'uid') !== loginOf(10 + worker)) wrong.push(`read ${reader}`)
      return
    }
    case 1: {
      const check = await directory.verifyPassword(reader, `pw-${loginOf(10 + worker)}`)
      if (check.outcome !== 'accepted') wrong.push(`${check.outcome} ${reader}`)
      return
    }
    case 2: {
      const query = { base: personDn(9), filter: directory.people, attributes: ['uid'], limit: 1 }
      const { entries } = await directory.find({ ...query, scope: 'base' })
      if (entries.length !== 1) wrong.push('find')
      return
    }
    default: {
      const written = await directory.setPassword(
        personDn(30 + worker),
        accepted(`round-${round}-of-${worker}`),
        {
          mustChange: false,
        },
      )
      if (written.outcome !== 'written') wrong.push(`reset ${worker}`)
    }
  }
}

describe('under the load of sixteen connections', () => {
  test('a replica that is killed costs no more than what was in flight, and nothing after a second', async () => {
    const running = load()
    await until(() => running.done > 200, { within: 10_000 })
    const killed = performance.now()
    await near.kill('SIGKILL')
    const before = running.done
    await until(() => running.done > before + 2_000 || performance.now() > killed + 3_000, { within: 10_000 })
    await running.stop()
    expect(running.wrong).toEqual([])
    expect(running.failures.length).toBeLessThanOrEqual(CONNECTIONS)
    expect(running.failures.filter(({ at }) => at > killed + 1_000)).toEqual([])
    expect(running.done).toBeGreaterThan(before + 200)
    await near.restart()
  })

  test('a replica that says nothing any more costs less than a second, once', async () => {
    const fresh = open()
    await fresh.read(personDn(10), ['uid'])
    near.pause()
    const times: number[] = []
    for (let n = 0; n < 20; n++) {
      const started = performance.now()
      expect(await fresh.read(personDn(10), ['uid'])).not.toBeNull()
      times.push(performance.now() - started)
    }
    near.resume()
    await fresh.close()
    expect(times.filter((ms) => ms > 300).length).toBeLessThanOrEqual(1)
    expect(Math.max(...times)).toBeLessThan(1_000)
  })
})

test('without any server every request is refused within two seconds, and served within one when a server is back', async () => {
  const all = [near, far, servers.primary]
  await Promise.all(all.map((slapd) => slapd.kill('SIGKILL')))
  for (let n = 0; n < 3; n++) {
    const started = performance.now()
    await expect(directory.read(personDn(10), ['uid'])).rejects.toMatchObject({
      code: 'directory-unavailable',
      retryAfter: expect.any(Number),
    })
    await expect(directory.verifyPassword(personDn(10), 'pw')).rejects.toMatchObject({
      code: 'directory-unavailable',
    })
    expect(performance.now() - started).toBeLessThan(2_000)
  }
  await far.restart()
  const back = performance.now()
  await until(() => directory.read(personDn(10), ['uid']).then((entry) => entry !== null), {
    within: 5_000,
    every: 10,
  })
  expect(performance.now() - back).toBeLessThan(1_000)
})
