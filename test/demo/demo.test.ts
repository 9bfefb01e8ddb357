import { once } from 'node:events'
import { chown } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../src/ldap/connection.ts'
import { idaas } from '../main/program.ts'
import { demoPlace, idaasDemo, launchDemo, startDemo, type Demo, type DemoPlace } from '../support/demo.ts'
import { until } from '../support/poll.ts'
import { descendants, isRunning } from '../support/processes.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { resetByApi } from './api.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let place: DemoPlace
let demo: Demo

beforeAll(async () => {
  place = await demoPlace()
  demo = await startDemo(place)
})
afterAll(() => demo.stop())

async function endOf(server: ServerProcess): Promise<string> {
  return await until(() => server.ended(), { within: 20_000 })
}

async function bindsAs(login: string, password: string): Promise<boolean> {
  const bind = { dn: `uid=${login},ou=people,dc=acme,dc=example`, password }
  const connection = await connect({ url: `ldap://127.0.0.1:${demo.ldapPort}`, bind }).catch(() => null)
  connection?.unbind()
  return connection !== null
}

describe('while it runs', () => {
  test('a second one on the same data says so', async () => {
    const second = launchDemo({ ...(await demoPlace()), dataDir: place.dataDir })
    expect(await endOf(second)).toBe('1')
    expect(second.log()).toContain(
      `A demo runs on the data in ${place.dataDir} already (process ${demo.process.pid}).`,
    )
  })

  test.each([
    ['port', 'PORT=8090 npm start'],
    ['ldapPort', 'IDAAS_LDAP_PORT=1390 npm start'],
  ] as const)('a taken %s is said with the setting that mends it', async (name, advice) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const other = launchDemo({ ...(await demoPlace()), [name]: port })
    expect(await endOf(other)).toBe('1')
    expect(other.log()).toBe(`Port ${port} is taken by another program. Choose another one: ${advice}\n`)
    taken.close()
  })

  test('other commands work on it without a configuration, and say so', async () => {
    const env = { IDAAS_DATA: place.dataDir }
    const said = `no configuration is named: this is the demo on ${place.dataDir}\n`
    expect(await idaas(['check'], env)).toMatchObject({ code: 0, stderr: said })
    expect(await idaas(['migrate'], env)).toEqual({
      code: 0,
      stdout: 'the database is at this version already\n',
      stderr: said,
    })
  })

  test('a request for an address of this machine is sent to localhost', async () => {
    const hosts = ['127.0.0.1', ...(hasIpv6() ? ['[::1]'] : [])]
    for (const host of hosts) {
      const answer = await fetch(`http://${host}:${demo.port}/people?q=x`, { redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([308, `${demo.issuer}/people?q=x`])
    }
  })
})

describe('when it ends', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it and its children, and what was changed stays',
    async (signal) => {
      const password = `a new password of ${signal}`
      expect(await resetByApi(demo.issuer, 'zoeuvrard', password)).toBe(200)
      const children = descendants(demo.process.pid)
      expect(children.length).toBeGreaterThan(0)
      demo.process.signal(signal)
      expect(await endOf(demo.process)).toBe('0')
      expect(children.filter(isRunning)).toEqual([])

      demo = await startDemo(place)
      expect(await bindsAs('zoeuvrard', password)).toBe(true)
      expect(await bindsAs('zoeuvrard', 'demo-password-zoeuvrard')).toBe(false)
    },
  )

  test('SIGKILL leaves no children, and what was changed stays', async () => {
    const password = 'a password before the crash'
    expect(await resetByApi(demo.issuer, 'alice', password)).toBe(200)
    const children = descendants(demo.process.pid)
    demo.process.signal('SIGKILL')
    await endOf(demo.process)
    await until(() => !children.some(isRunning), { within: 10_000 })
    const ended = await idaas(['check'], { IDAAS_DATA: place.dataDir })
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining('a demo that does not run') })

    demo = await startDemo(place)
    expect(await bindsAs('alice', password)).toBe(true)
  })
})

test('it needs no rights: it runs as nobody', async () => {
  const where = await demoPlace()
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chown(where.dataDir, 65_534, 65_534)
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...idaasDemo] as const
  const other = await startDemo(where, isRoot ? asNobody : idaasDemo)
  expect((await fetch(`${other.issuer}/livez`)).status).toBe(200)
  await other.stop()
})

test('a signal to `npm start` reaches it', async () => {
  const other = await startDemo(await demoPlace(), ['npm', '--prefix', root, 'start'])
  const started = descendants(other.process.pid)
  expect(started.length).toBeGreaterThan(1)
  other.process.signal('SIGTERM')
  await endOf(other.process)
  await until(() => !started.some(isRunning), { within: 10_000 })
})

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
}
