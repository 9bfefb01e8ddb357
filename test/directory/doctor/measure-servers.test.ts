import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { directorySchema } from '../../../src/config/directory-schema.ts'
import { measureServers } from '../../../src/directory/doctor/measure-servers.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/poll.ts'
import { startReplicated, type Replica, type Replicated } from '../../support/replicas.ts'
import type { Slapd } from '../../support/slapd.ts'
import { configure } from './right-setup.ts'

let servers: Replicated
let primary: Slapd
let replica: Replica

beforeAll(async () => {
  servers = await startReplicated(1)
  const [only] = servers.replicas
  if (only === undefined) throw new Error('no replica')
  primary = servers.primary
  replica = only
})
afterAll(async () => await servers.stop())

const base = () => `ou=people,${primary.suffix}`

async function measure(urls: readonly string[], more: object = {}) {
  const bind = { dn: primary.appDn, password: primary.appPassword }
  const config = directorySchema.parse({ name: 'main', urls, bind, ...more })
  const figures = await measureServers(config, 'openldap', [base()])
  expect(figures.map(({ url }) => url)).toEqual(urls)
  return figures
}

const bothUrls = () => [primary.url, replica.url]

async function change(): Promise<void> {
  const title = `title ${process.hrtime.bigint()}`
  await ldapmodify(
    asRoot(primary),
    `dn: uid=alice,${base()}\nchangetype: modify\nreplace: title\ntitle: ${title}\n`,
  )
}

const hidden = (database: string, what: string) =>
  `dn: olcDatabase=${database},cn=config\nchangetype: modify\nadd: olcAccess\nolcAccess: {0}to ${what} by dn.exact="${primary.appDn}" none by * break\n`
const shown = (database: string) =>
  `dn: olcDatabase=${database},cn=config\nchangetype: modify\ndelete: olcAccess\nolcAccess: {0}\n`

test('servers that hold the same are not apart, and each tells how full it is', async () => {
  const figures = await until(
    async () => {
      const all = await measure(bothUrls())
      return all.every(({ lag }) => lag === 0) && all
    },
    { within: 10_000, every: 50 },
  )
  for (const { isUp, databaseUsed } of figures) {
    expect(isUp).toBe(true)
    expect(databaseUsed).toBeGreaterThan(0)
    expect(databaseUsed).toBeLessThan(0.01)
  }
})

test('a replica that changes do not reach is behind, until they do', async () => {
  replica.line.hold()
  await change()
  const [ofPrimary, ofReplica] = await measure(bothUrls())
  expect(ofPrimary?.lag).toBe(0)
  expect(ofReplica?.lag).toBeGreaterThan(0)
  replica.line.release()
  await until(async () => (await measure(bothUrls())).every(({ lag }) => lag === 0), {
    within: 10_000,
    every: 50,
  })
})

test('a change that arrives a moment later is no lag', async () => {
  replica.line.hold()
  await change()
  // As slow a network as one may have: the first look sees the replica without the change.
  const measured = measure(bothUrls())
  setTimeout(() => replica.line.release(), 1_000)
  expect((await measured).map(({ lag }) => lag)).toEqual([0, 0])
})

test('one server has nobody to be behind', async () => {
  const [only] = await measure([primary.url])
  expect(only).toMatchObject({ isUp: true })
  expect(only).not.toHaveProperty('lag')
})

test('the certificate of each server tells when it ends, also one that nobody trusts', async () => {
  const ca = join(primary.dir, 'tls/ca.pem')
  const [trusted] = await measure([primary.ldapsUrl], { ca })
  const [untrusted] = await measure([replica.ldapsUrl], { ca })
  const [started] = await measure([primary.url], { ca, startTls: true })
  expect([trusted?.isUp, untrusted?.isUp, started?.isUp]).toEqual([true, false, true])
  for (const one of [trusted, untrusted, started])
    expect(one?.certificateEnds?.getTime()).toBeGreaterThan(Date.now())
})

test('a server that is away is told as such; of the others there is all the same', async () => {
  const nobody = `ldap://127.0.0.1:${await freePort()}`
  const figures = await measure([nobody, primary.url, replica.url])
  expect(figures[0]).toEqual({ url: nobody, isUp: false })
  expect(figures.slice(1)).toEqual([
    expect.objectContaining({ isUp: true, lag: 0 }),
    expect.objectContaining({ isUp: true, lag: 0 }),
  ])
})

test('a server that does not let us in is as one that is away', async () => {
  const [refused] = await measure([primary.url], { bind: { dn: primary.appDn, password: 'another one' } })
  expect(refused).toEqual({ url: primary.url, isUp: false })
})

test('of what the service account may not see there is no figure, and no 0', async () => {
  await configure(primary, hidden('{1}monitor', 'dn.subtree="cn=Monitor"'))
  await configure(primary, hidden('{2}mdb', 'attrs=contextCSN'))
  try {
    const [ofPrimary, ofReplica] = await measure(bothUrls())
    expect(ofPrimary).toEqual({ url: primary.url, isUp: true })
    expect(ofReplica?.databaseUsed).toBeGreaterThan(0)
  } finally {
    await configure(primary, shown('{1}monitor'))
    await configure(primary, shown('{2}mdb'))
  }
})
