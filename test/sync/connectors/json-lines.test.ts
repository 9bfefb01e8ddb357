import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLinesConnection } from '../../../src/config/sync-file-schema.ts'
import type { Source } from '../../../sync/connectors/connector.ts'
import { jsonLinesSource } from '../../../sync/connectors/json-lines/json-lines-source.ts'
import { describeSource, people, readAll } from './describe-source.ts'

const folder = await mkdtemp(join(tmpdir(), 'jsonl-'))
let files = 0

async function sourceOf(text: string, keys: Record<string, unknown> = {}): Promise<Source> {
  const path = join(folder, `${files++}.jsonl`)
  await writeFile(path, text)
  return jsonLinesSource(jsonLinesConnection.parse({ kind: 'jsonl', name: 'api', path, key: 'uid', ...keys }))
}

const lines = (objects: readonly unknown[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('')

describeSource('jsonl', {
  nameOf: (uid) => uid,
  people: () => sourceOf(lines(people.map((person) => ({ ...person, description: '', title: null })))),
  many: (count) =>
    sourceOf(lines(Array.from({ length: count }, (_, index) => ({ uid: `p${index}`, sn: 'X' })))),
  cut: { reason: 'truncated', open: () => sourceOf('{"uid":"a"}\n{"uid":"b","sn":"NGUY') },
})

describe('JSON lines', () => {
  test('have numbers, truths and objects within objects', async () => {
    const { records } = await readAll(
      await sourceOf(lines([{ uid: 7, Active: true, name: { given: 'Zoé', other: ['a', 'b'] } }])),
    )
    expect(records[0]?.name).toBe('7')
    expect(records[0]?.values('active')).toEqual(['TRUE'])
    expect(records[0]?.values('name.given')).toEqual(['Zoé'])
    expect(records[0]?.values('name.other')).toEqual(['a', 'b'])
  })

  test('have dates in the form that is configured', async () => {
    const { records, faults } = await readAll(
      await sourceOf(
        lines([
          { uid: 'a', end: '2026-07-01' },
          { uid: 'b', end: 'SECRET' },
        ]),
        {
          dates: [{ columns: ['END'], format: 'yyyy-MM-dd', zone: 'UTC' }],
        },
      ),
    )
    expect(records.map((record) => record.values('end'))).toEqual([['20260701000000Z']])
    expect(faults).toMatchObject([{ place: 'line 2', column: 'end' }])
  })

  test('that are none are told, and the others read', async () => {
    const { records, faults } = await readAll(
      await sourceOf(
        '{"uid":"a"}\n[1]\n\nnot json\n{"sn":"x"}\n{"uid":"b","n":12345678901234567890}\n{"uid":"c"}\n',
      ),
    )
    expect(records.map(({ name }) => name)).toEqual(['a', 'c'])
    expect(faults.map(({ place, column }) => [place, column])).toEqual([
      ['line 2', undefined],
      ['line 4', undefined],
      ['line 5', 'uid'],
      ['line 6', 'n'],
    ])
    expect(faults.at(-1)?.record?.name).toBe('b')
  })
})
