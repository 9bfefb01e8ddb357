import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { makeEntry } from '../../../src/ldap/entry.ts'
import { exitCodeOf } from '../../../sync/commands/exit-codes.ts'
import { type Destination, IncompleteSource, type Source } from '../../../sync/connectors/connector.ts'
import type { LdapSideOptions } from '../../../sync/connectors/ldap/ldap-side.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import type { Task } from '../../../sync/task/task.ts'
import { startScriptedPeer, success } from '../../ldap/scripted-peer.ts'
import { openLine } from '../../support/line.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const base = `ou=people,${suffix}`
const target = `ou=target,${suffix}`
const filter = '(objectClass=inetOrgPerson)'

let slapd: Slapd
let root: Connection
let engine: TestEngine
/** What the next run reads. */
let sides: { source: () => Promise<Source>; destination: () => Promise<Destination> }
const ends: (() => Promise<void>)[] = []

beforeAll(async () => {
  const ldif = join(tmpdir(), `truncated-${process.pid}-${Math.random()}.ldif`)
  await writeFile(ldif, [...seed()].join('\n'))
  slapd = await startSlapd({ seed: { ldif }, overlays: ['syncprov'], databaseLines: limits })
  root = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  engine = await startEngine(async () => ({
    destination: await sides.destination(),
    source: await sides.source(),
  }))
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})
afterAll(async () => {
  root.unbind()
  await engine.close()
  await slapd.stop()
})

const account = (cn: string): string => `cn=${cn},ou=services,${suffix}`
/** `few`: ten entries of a search. `pages`: pages, but no more than thirty entries in all. */
const limits = [
  `limits dn.exact="${account('few')}" size.soft=10 size.hard=10 size.prtotal=disabled`,
  `limits dn.exact="${account('pages')}" size.soft=10 size.hard=10 size.pr=20 size.prtotal=30`,
].join('\n')

function* seed(): Generator<string> {
  yield `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`
  for (const dn of ['services', 'people', 'target', 'empty', 'split'].map((ou) => `ou=${ou},${suffix}`))
    yield `dn: ${dn}\nobjectClass: organizationalUnit\n`
  for (const cn of ['few', 'pages'])
    yield `dn: ${account(cn)}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\nuserPassword: secret-of-it\n`
  const person = (uid: string, ou: string): string =>
    `dn: uid=${uid},ou=${ou},${suffix}\nobjectClass: inetOrgPerson\ncn: ${uid}\nsn: ${uid}\n`
  for (let index = 0; index < 60; index++) yield person(`p${index}`, 'people')
  for (let index = 0; index < 60; index++) yield person(`p${index}`, 'target')
  for (let index = 0; index < 5; index++) yield person(`p${index}`, 'split')
  yield `dn: ou=elsewhere,ou=split,${suffix}\nobjectClass: referral\nobjectClass: extensibleObject\nref: ldap://other.example/ou=people,dc=other\n`
}

type Where = Partial<LdapSideOptions> & { urls?: string[]; as?: { dn: string; password: string } }

async function open(where: Where = {}): Promise<Destination> {
  const { urls = [slapd.url], as = rootAccount(), ...options } = where
  const pool = { urls, connect: { bind: as, tls: { ca: slapd.ca }, connectTimeout: 1_000 } }
  return await openLdapSide({ pool }, { base, filter, ...options })
}

const rootAccount = () => ({ dn: slapd.rootDn, password: slapd.rootPassword })
const limited = (cn: string) => ({ dn: account(cn), password: 'secret-of-it' })

/** The line to the server is cut once the first entries are there. */
async function openCutSource(scheme: 'ldap' | 'ldaps'): Promise<Source> {
  const line = await openLine(scheme === 'ldap' ? slapd.port : slapd.tlsPort)
  const side = await open({ role: 'source', urls: [`${scheme}://127.0.0.1:${line.port}`], pageSize: 5 })
  return {
    ...side,
    async *read(wanted) {
      let isCut = false
      for await (const record of side.read(wanted)) {
        if (!isCut) await line.close()
        isCut = true
        yield record
      }
    },
  }
}

/** A server, or what stands before one, that gives two entries without knowing of pages, and ends with `code`. */
async function openScriptedSource(code: number): Promise<Source> {
  const peer = await startScriptedPeer(({ request }, answer) => {
    if (request.type === 'bind') answer({ type: 'bindResponse', result: success })
    if (request.type !== 'search') return
    if (request.base === base)
      for (const uid of ['p1', 'p2'])
        answer({ type: 'entry', entry: makeEntry(`uid=${uid},${base}`, { uid }) })
    answer({ type: 'searchDone', result: request.base === base ? { ...success, code } : success })
  })
  ends.push(() => peer.stop())
  return await open({ role: 'source', urls: [peer.url] })
}

const corpus: Record<string, { reason: string; source: () => Promise<Source> }> = {
  'the size limit of its server': {
    reason: 'size-limit',
    source: () => open({ role: 'source', as: limited('few'), pageSize: 0 }),
  },
  'a limit on all pages together': {
    reason: 'size-limit',
    source: () => open({ role: 'source', as: limited('pages') }),
  },
  'pages that are not allowed': {
    reason: 'size-limit',
    source: () => open({ role: 'source', as: limited('few') }),
  },
  'the time limit of its server': { reason: 'time-limit', source: () => openScriptedSource(3) },
  'something before its server that ignores pages': {
    reason: 'truncated',
    source: () => openScriptedSource(0),
  },
  'a connection that is lost': { reason: 'lost', source: () => openCutSource('ldap') },
  'a TLS connection that is lost': { reason: 'lost', source: () => openCutSource('ldaps') },
  'a reference to another server': {
    reason: 'referral',
    source: () => open({ role: 'source', base: `ou=split,${suffix}` }),
  },
  'a base that is on another server': {
    reason: 'referral',
    source: () => open({ role: 'source', base: `ou=elsewhere,ou=split,${suffix}` }),
  },
  'a base that is not there': {
    reason: 'refused',
    source: () => open({ role: 'source', base: `ou=nowhere,${suffix}` }),
  },
  'a server that does not answer': {
    reason: 'unreachable',
    source: () => open({ role: 'source', urls: ['ldap://127.0.0.1:1'] }),
  },
}

let tasks = 0
const people = (): Task =>
  taskOf({
    name: `people-${tasks++}`,
    pivots: ['uid'],
    entryName: `dn\`uid=\${source.uid},${target}\``,
    attributes: { objectClass: { policy: 'keep', create: '"inetOrgPerson"' }, uid: {}, cn: {}, sn: {} },
    clean: { action: 'delete' },
    guards: { deletes: 1_000, deleteShare: 1, shrink: 1 },
  })

async function targets(): Promise<string[]> {
  const { entries } = await root.searchAll({ base: target, scope: 'one', attributes: ['1.1'] })
  return entries.map(({ dn }) => dn)
}

describe.each(Object.entries(corpus))('a source that is cut by %s', (_, { reason, source }) => {
  test('does not end as if it were whole', async () => {
    const reading = (async () => {
      const side = await source()
      try {
        return await Array.fromAsync(side.read({ attributes: ['uid'] }))
      } finally {
        await side.close()
      }
    })()
    const error: unknown = await reading.catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(IncompleteSource)
    expect(error).toMatchObject({ reason })
  })

  test('deletes nothing, and the command says that it was incomplete', async () => {
    sides = { source, destination: () => open({ base: target }) }
    const run = await engine.run(people())
    expect(run).toMatchObject({ state: 'incomplete', failure: { code: reason } })
    expect(run.counts.done).toMatchObject({ create: 0, update: 0, delete: 0 })
    expect(exitCodeOf(run)).toBe(4)
    expect(await targets()).toHaveLength(60)
  })
})

test.each(['few', 'pages'])(
  'a feed with the limits of the account `%s` does not say that the rest is gone',
  async (cn) => {
    const { feed, close } = await open({ role: 'source', as: limited(cn) })
    const types: string[] = []
    const reading = (async () => {
      for await (const { type } of feed?.changes(null, { attributes: ['uid'] }, { follow: true }) ?? [])
        types.push(type)
    })()
    await expect(reading).rejects.toMatchObject({ name: 'IncompleteSource', reason: 'size-limit' })
    expect(types.every((type) => type === 'changed')).toBe(true)
    await close()
  },
)

test('a source without an entry deletes nothing, and the command says that it was incomplete', async () => {
  sides = {
    source: () => open({ role: 'source', base: `ou=empty,${suffix}` }),
    destination: () => open({ base: target }),
  }
  const run = await engine.run(people())
  expect(run).toMatchObject({ state: 'held', guards: [{ guard: 'empty-source' }] })
  expect(exitCodeOf(run)).toBe(4)
  expect(await targets()).toHaveLength(60)
})

test('a destination that is cut gets no second copies', async () => {
  sides = {
    source: () => open({ role: 'source' }),
    destination: () => open({ base: target, as: limited('pages') }),
  }
  const run = await engine.run(people())
  expect(run).toMatchObject({ state: 'incomplete', counts: { done: { create: 0 } } })
  expect(exitCodeOf(run)).toBe(4)
})

test('a whole source brings its deletes', async () => {
  await root.delete(`uid=p59,${base}`)
  sides = { source: () => open({ role: 'source' }), destination: () => open({ base: target }) }
  const run = await engine.run(people())
  expect(run).toMatchObject({ state: 'done', counts: { done: { delete: 1 } } })
  expect(exitCodeOf(run)).toBe(0)
  expect(await targets()).toHaveLength(59)
})
