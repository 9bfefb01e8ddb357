import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Task } from '../../../sync/task/task.ts'
import { openLsc, type OpenedLsc } from '../../../sync/lsc/open-lsc.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lsc-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Parts = Partial<
  Record<
    'connection' | 'sourcePart' | 'clean' | 'one' | 'all' | 'pivots' | 'main' | 'options' | 'task',
    string
  >
> & { destinationOne?: string; destinationAll?: string; source?: string; destination?: string }

async function open(parts: Parts, options: { compat?: 'lsc'; clean?: boolean } = {}): Promise<OpenedLsc> {
  const {
    connection = '<ldapConnection><name>d</name><url>ldap://localhost/dc=x</url><username>cn=lsc</username><password>p</password></ldapConnection>',
    all = '(objectClass=person)',
    one = '(&amp;(objectClass=person)(uid={uid}))',
    clean = '<cleanFilter>(&amp;(objectClass=person)(uid={uid}))</cleanFilter>',
    destinationAll = '(objectClass=person)',
    destinationOne = '(&amp;(objectClass=person)(uid={uid}))',
    main = '"uid=x"',
    sourcePart = '',
    pivots = '',
    task = '',
    options: rules = '',
  } = parts
  const service = (every: string, each: string, rest = ''): string =>
    `<name>n</name><connection reference="d"/><baseDn>ou=a,dc=x</baseDn><pivotAttributes><string>uid</string></pivotAttributes><fetchedAttributes><string>uid</string><string>cn</string></fetchedAttributes><allFilter>${every}</allFilter><oneFilter>${each}</oneFilter>${rest}`
  const source =
    parts.source ?? `<ldapSourceService>${service(all, one, `${clean}${sourcePart}`)}</ldapSourceService>`
  const destination =
    parts.destination ??
    `<ldapDestinationService>${service(destinationAll, destinationOne)}</ldapDestinationService>`
  const text = `<lsc xmlns="http://lsc-project.org/XSD/lsc-core-2.2.xsd"><connections>${connection}</connections><tasks><task><name>T</name>${source}${destination}<propertiesBasedSyncOptions><mainIdentifier>${main}</mainIdentifier>${pivots}${rules}</propertiesBasedSyncOptions>${task}</task></tasks></lsc>`
  const path = join(folder, `${Math.random()}.xml`)
  await writeFile(path, text)
  return openLsc(path, { tenant: 'acme', clean: true, compat: null, environment: {}, ...options })
}

const dataset = (script: string): string =>
  `<dataset><name>cn</name><forceValues><string><![CDATA[${script}]]></string></forceValues></dataset>`

test.for<[string, Parts, string]>([
  ['Groovy', { options: dataset('gr: srcBean.x') }, 'Groovy is not supported'],
  ['a script with a fault', { options: dataset('var = ;') }, 'cn forceValues'],
  [
    'a class of Java',
    { options: dataset('new java.io.File("/x").exists()') },
    'java.io.File is not available',
  ],
  ['a type of Java', { options: dataset('Java.type("java.net.URL")') }, 'java.net.URL is not available'],
  [
    'an unknown plug-in',
    {
      source:
        '<pluginSourceService implementationClass="org.lsc.plugins.Nis"><connection reference="d"/></pluginSourceService>',
    },
    'org.lsc.plugins.Nis is not known',
  ],
  [
    'a database that is written by several statements',
    {
      destination:
        '<databaseDestinationService><connection reference="d"/><requestsNameForInsert><string>a</string><string>b</string></requestsNameForInsert></databaseDestinationService>',
    },
    '<requestsNameForInsert> has to name one statement',
  ],
  [
    'Kerberos',
    {
      connection:
        '<ldapConnection><name>d</name><url>ldap://h/dc=x</url><username>u</username><password>p</password><authentication>GSSAPI</authentication></ldapConnection>',
    },
    'the connection d cannot be used',
  ],
  ['several pivots at once', { destinationOne: '(&amp;(uid={uid})(ou={ou}))' }, 'several pivots together'],
  ['a pivot that is none', { destinationOne: '(uid={login})' }, '{login} is no pivot of the source'],
  [
    'a clean filter with pivots of the source',
    { clean: '<cleanFilter>(uid={login})</cleanFilter>' },
    '{login} is no pivot of the destination (uid), so that LSC finds nothing in the source and removes everything',
  ],
  [
    'a filter that changes its pivots',
    { clean: '<cleanEntryFilter>"(uid=" + pivotAttributes["uid"].substring(1) + ")"</cleanEntryFilter>' },
    'the script changes its pivots',
  ],
])('%s is told before anything runs', async ([, parts, told]) => {
  const { tasks, notes } = await open(parts)
  expect(tasks).toEqual([])
  expect(notes.map(({ weight, text }) => `${weight}: ${text}`)).toEqual(
    expect.arrayContaining([expect.stringMatching(new RegExp(`^cannot: .*${RegExp.escape(told)}`))]),
  )
})

const filters = ({ source, destination, presence }: Task) =>
  [source, destination, presence].map((side) => side?.options.filter)

test('pivots are transformed on their way, and alternatives are tried in order', async () => {
  const {
    tasks: [task],
    notes,
  } = await open(
    {
      pivots:
        '<pivotTransformation><transformation fromAttribute="uid" toAttribute="login">value.toLowerCase()</transformation></pivotTransformation>',
      destinationOne: '(&amp;(objectClass=person)(|(sAMAccountName={LOGIN})(mail={uid}@x.org)))',
      clean: '<cleanFilter>(&amp;(objectClass=person)(uid={uid}))</cleanFilter>',
    },
    { clean: false },
  )
  expect(notes).toEqual([])
  expect(task?.pivots).toMatchObject([
    { source: 'uid', destination: 'sAMAccountName', transform: { code: 'value.toLowerCase()' } },
    { source: 'uid', destination: 'mail', transform: { code: '"" + value + "@x.org"' } },
  ])
})

test('a clean filter that lets more pass keeps who the sync phase leaves out', async () => {
  const { tasks } = await open({ all: '(&amp;(objectClass=person)(ou=here))' })
  expect(tasks.map(filters)).toEqual([
    ['(&(objectClass=person)(ou=here))', '(objectClass=person)', '(objectClass=person)'],
  ])
})

test('phases that look for other entries become two tasks', async () => {
  const { tasks } = await open({ destinationAll: '(&amp;(objectClass=person)(o=lsc))' })
  expect(tasks.map(({ name, phases }) => ({ name, phases }))).toEqual([
    { name: 't', phases: { sync: true, clean: false } },
    { name: 't-clean', phases: { sync: false, clean: true } },
  ])
  expect(tasks.map(filters)).toEqual([
    ['(objectClass=person)', '(objectClass=person)', undefined],
    ['(objectClass=person)', '(&(objectClass=person)(o=lsc))', undefined],
  ])
})

test('guards hold what LSC would have done, unless its ways are wanted', async () => {
  const {
    tasks: [careful],
  } = await open({ task: '<errorIfEmptySource>false</errorIfEmptySource>' })
  expect(careful).toMatchObject({
    compat: null,
    guards: { deletes: 20, deleteShare: 0.05, shrink: 0.1, allowEmptySource: true },
    otherwise: { exact: false },
  })
  const {
    tasks: [faithful],
  } = await open({}, { compat: 'lsc' })
  expect(faithful).toMatchObject({
    compat: 'lsc',
    guards: { deleteShare: 1, shrink: 1, allowEmptySource: false },
    otherwise: { exact: true },
  })
})

test('the programs of the executable plug-in are a connection of their own', async () => {
  const { tasks, notes } = await open({
    source: `<pluginSourceService implementationClass="org.lsc.plugins.connectors.executable.ExecutableLdifSourceService">
      <name>s</name><connection reference="fake"/><exec:executableLdifSourceServiceSettings xmlns:exec="x">
      <name>e</name><connection reference="fake"/><exec:listScript>bin/list</exec:listScript><exec:getScript>/opt/get</exec:getScript>
      <exec:variables><entry><key>BASE</key><value>rh</value></entry></exec:variables>
      </exec:executableLdifSourceServiceSettings></pluginSourceService>`,
  })
  expect(notes).toEqual([])
  expect(tasks).toMatchObject([
    {
      pivots: [{ source: 'uid', destination: 'uid', transform: null }],
      phases: { sync: true, clean: true },
      source: {
        to: {
          connection: {
            kind: 'exec',
            name: 't-source',
            list: [join(folder, 'bin/list')],
            get: ['/opt/get'],
            environment: { BASE: 'rh' },
          },
        },
      },
    },
  ])
})

test.each([
  ['ldap://localhost/dc=x', false],
  ['ldap://127.0.0.1:1389/dc=x', false],
  ['ldap://[::1]/dc=x', false],
  ['ldap://127.example.org/dc=x', true],
  ['ldap://ldap.example.org/dc=x', true],
])('%s without TLS is told unless it is this machine', async (url, isTold) => {
  const connection = `<ldapConnection><name>d</name><url>${url}</url><username>cn=lsc</username><password>p</password></ldapConnection>`
  const { notes, connections } = await open({ connection })
  expect(notes.some(({ text }) => text.includes('passwords cross the network in clear'))).toBe(isTold)
  expect(connections.some((one) => one.kind === 'ldap' && one.allowCleartext)).toBe(isTold)
})
