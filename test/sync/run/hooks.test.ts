import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memoryDestination } from '../../../sync/connectors/memory/memory-destination.ts'
import { attributeRules } from '../../../sync/connectors/ldap/attribute-rules.ts'
import { ldapComparison } from '../../../sync/connectors/ldap/ldap-comparison.ts'
import { makeRecord, type SyncRecord } from '../../../sync/record.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const base = 'ou=people,dc=example,dc=org'
const comparison = ldapComparison(attributeRules(undefined, 'openldap', new Set()), undefined, 'openldap')
let folder: string
let engine: TestEngine

const person = (uid: string, sn: string): SyncRecord =>
  makeRecord(
    `uid=${uid},${base}`,
    new Map([
      ['uid', [uid]],
      ['sn', [sn]],
    ]),
  )

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hooks-'))
  engine = await startEngine(async () => ({
    source: memoryDestination([person('alice', 'Martin'), person('bob', 'Durand')], comparison),
    destination: memoryDestination([person('bob', 'Old'), person('zoe', 'Zoé')], comparison),
  }))
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

async function program(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

test('programs are told of each operation after it was done; one that fails is told, and stops nothing', async () => {
  const log = join(folder, 'log')
  const tell = await program('tell', `{ echo "$2 $1"; cat; echo; } >> '${log}'`)
  const fail = await program('fail', 'echo "ERROR: no disk" >&2; exit 3')
  const task = taskOf({
    pivots: ['uid'],
    attributes: { uid: {}, sn: {} },
    clean: { action: 'delete' },
    hooks: [
      { after: 'create', command: tell },
      { after: 'update', command: tell, format: 'json' },
      { after: 'delete', command: fail },
    ],
  })
  const run = await engine.run(task)
  expect(run).toMatchObject({
    state: 'done',
    counts: { failed: 0, done: { create: 1, update: 1, delete: 1 } },
  })
  expect(await readFile(log, 'utf8')).toBe(
    `create uid=alice,${base}\ndn: uid=alice,${base}\nchangetype: add\nuid: alice\nsn: Martin\n\n` +
      `update uid=bob,${base}\n[{"attributeName":"sn","values":["Durand"],"operation":"REPLACE_VALUES"}]\n`,
  )
  expect(await engine.findings(run)).toEqual([
    expect.objectContaining({
      kind: 'hook',
      subject: `uid=zoe,${base}`,
      detail: { detail: `${fail} ended with 3: no disk` },
    }),
  ])
})
