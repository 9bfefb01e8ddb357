import { mkdtemp, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { openSource } from '../../../sync/connectors/open-connector.ts'
import { executeRun } from '../../../sync/run/execute-run.ts'
import type { Task } from '../../../sync/task/task.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'
import { type PeopleDirectory, startPeopleDirectory } from '../people-directory.ts'

const file = join(await mkdtemp(join(tmpdir(), 'hr-')), 'agents.csv')
let directory: PeopleDirectory
let engine: TestEngine
/** Each test has a task of its own: what a task remembers is not another's. */
let tests = 0

beforeAll(async () => {
  directory = await startPeopleDirectory()
  const { pool, base } = directory
  const connection = syncConnectionSchema.parse({
    kind: 'csv',
    name: 'hr',
    path: file,
    key: 'MATRICULE',
    severalRows: true,
    separators: { MEL: ',' },
    dates: [{ columns: ['DATE_FIN'], time: 'end' }],
  })
  engine = await startEngine(async () => ({
    source: await openSource(connection, {}, () => new Date()),
    destination: await openLdapSide({ pool }, { base, filter: '(objectClass=inetOrgPerson)' }),
  }))
})
afterAll(async () => {
  await engine.close()
  await directory.stop()
})
beforeEach(async () => {
  tests++
  await directory.clear()
})

const people = (): Task =>
  taskOf({
    name: `agents-${tests}`,
    pivots: [{ source: 'MATRICULE', destination: 'employeeNumber' }],
    entryName: 'dn`uid=${source.MATRICULE},ou=people,dc=example,dc=org`',
    attributes: {
      objectClass: { policy: 'keep', create: '"inetOrgPerson"' },
      uid: { from: 'MATRICULE' },
      employeeNumber: { from: 'MATRICULE' },
      cn: { value: '`${source.PRENOM} ${source.NOM}`' },
      sn: { from: 'NOM' },
      givenName: { from: 'PRENOM' },
      title: { from: 'POSTE' },
      mail: { from: 'MEL' },
      // A date, as the directory has dates.
      description: { from: 'DATE_FIN' },
    },
    clean: { action: 'delete' },
  })

/** As HR exports it: Windows-1252, CRLF. */
async function deliver(...lines: readonly string[]): Promise<void> {
  await put(`${[header, ...lines].join('\r\n')}\r\n`)
}
const header = 'MATRICULE;NOM;PRENOM;POSTE;MEL;DATE_FIN'

async function put(text: string): Promise<void> {
  const windows: Record<string, number> = { Œ: 0x8c, '€': 0x80, '’': 0x92 }
  await writeFile(
    `${file}.new`,
    Buffer.from(Array.from(text, (character) => windows[character] ?? character.charCodeAt(0))),
  )
  await rename(`${file}.new`, file)
}

const lefevre = [
  '00012;LEFÈVRE;Élodie;Enseignante;elodie@acme.example,e.lefevre@acme.example;31/12/9999',
  '00012;LEFÈVRE;Élodie;"Chargée de mission ; « frais en € »";;31/12/9999',
]
const oeuvrard = '00013;ŒUVRARD;Benoît;Agent;benoit@acme.example;31/08/2027'
const herve = '00014;D’HERVÉ;Anaïs;Agente;;'

describe('a file of HR', () => {
  test('becomes people: accents, several lines, a last day, no end for ever; a second run writes nothing', async () => {
    await deliver(...lefevre, oeuvrard, herve)
    const first = await engine.run(people())
    expect(first).toMatchObject({ state: 'done', counts: { source: 3, done: { create: 3 }, failed: 0 } })
    const held = await directory.people()
    expect(held['00012']).toEqual({
      objectclass: ['inetOrgPerson'],
      uid: ['00012'],
      employeenumber: ['00012'],
      cn: ['Élodie LEFÈVRE'],
      sn: ['LEFÈVRE'],
      givenname: ['Élodie'],
      title: ['Chargée de mission ; « frais en € »', 'Enseignante'],
      mail: ['e.lefevre@acme.example', 'elodie@acme.example'],
    })
    expect(held['00013']).toMatchObject({ sn: ['ŒUVRARD'], description: ['20270831215959Z'] })
    expect(held['00014']).toMatchObject({ sn: ['D’HERVÉ'] })
    const second = await engine.run(people())
    expect(await engine.rows(second)).toEqual([])
  })

  test('changes what changed, and removes who left', async () => {
    await deliver(...lefevre, oeuvrard, herve)
    await engine.run(people())
    await deliver(...lefevre.slice(0, 1), oeuvrard.replace('31/08/2027', '31/12/2027'))
    const run = await engine.run({ ...people(), guards: { ...people().guards, shrink: 1 } })
    expect(run).toMatchObject({ state: 'done', counts: { done: { create: 0, update: 2, delete: 1 } } })
    const held = await directory.people()
    expect(Object.keys(held).toSorted()).toEqual(['00012', '00013'])
    expect(held['00012']?.['title']).toEqual(['Enseignante'])
    expect(held['00013']?.['description']).toEqual(['20271231225959Z'])
  })

  test('with a wrong line: told by its number and column, the others go on, and whose it is stays', async () => {
    await deliver(...lefevre, oeuvrard, herve)
    await engine.run(people())
    await deliver(...lefevre, oeuvrard.replace('31/08/2027', '31/02/2027'), '00015;NGUYEN;Zoé;Agente;;')
    const run = await engine.run({ ...people(), guards: { ...people().guards, shrink: 1 } })
    expect(run).toMatchObject({
      state: 'done',
      counts: { done: { create: 1, update: 0, delete: 1 }, findings: { unusable: 1 } },
    })
    expect(await engine.findings(run)).toMatchObject([{ subject: 'line 4', detail: { column: 'DATE_FIN' } }])
    expect(Object.keys(await directory.people()).toSorted()).toEqual(['00012', '00013', '00015'])
  })

  test('with a line of which nobody knows whose it is: the others go on, and nobody is removed', async () => {
    await deliver(...lefevre, oeuvrard, herve)
    await engine.run(people())
    await deliver(...lefevre, '00013;ŒUVRARD', '00015;NGUYEN;Zoé;Agente;;')
    const run = await engine.run({ ...people(), guards: { ...people().guards, shrink: 1 } })
    expect(run).toMatchObject({
      state: 'done',
      counts: { done: { create: 1, delete: 0 }, findings: { unusable: 2 } },
    })
    expect(Object.keys(await directory.people())).toHaveLength(4)
  })
})

describe('a file that was cut off', () => {
  const whole = `${[header, ...lefevre, oeuvrard, herve].join('\r\n')}\r\n`

  test.each([
    ['in the middle of a line', whole.slice(0, whole.indexOf('Benoît'))],
    ['within quotes', whole.slice(0, whole.indexOf('mission'))],
    ['before its first line', ''],
  ])('%s removes nobody', async (_, text) => {
    await put(whole)
    await engine.run(people())
    await put(text)
    const run = await engine.run(people())
    expect(run).toMatchObject({
      state: 'incomplete',
      failure: { code: 'truncated' },
      counts: { done: { delete: 0 } },
    })
    expect(Object.keys(await directory.people())).toHaveLength(3)
  })

  test('between two lines is held, since the source shrank', async () => {
    await put(whole)
    await engine.run(people())
    await put(whole.slice(0, whole.indexOf('00014')))
    const run = await engine.run(people())
    expect(run).toMatchObject({ state: 'held', guards: [{ guard: 'shrunk', count: 2, limit: 3 }] })
    expect(Object.keys(await directory.people())).toHaveLength(3)
  })
})

test('a run that is told to end while it reads says so', async () => {
  await deliver(...lefevre, oeuvrard)
  const request = {
    tenant: 'acme',
    task: people().name,
    kind: 'full',
    preview: false,
    requestedBy: 'test',
    only: null,
    undoes: null,
  } as const
  const run = await engine.services.runs.request(request, new Date())
  await executeRun(run, people(), engine.services, AbortSignal.abort())
  expect(await engine.services.runs.read('acme', run.id)).toMatchObject({
    state: 'failed',
    failure: { code: 'shut-down' },
  })
})
