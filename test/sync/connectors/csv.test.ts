import { appendFile, mkdtemp, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { csvConnection } from '../../../src/config/sync-file-schema.ts'
import type { Source } from '../../../sync/connectors/connector.ts'
import { csvSource } from '../../../sync/connectors/csv/csv-source.ts'
import { describeSource, people, readAll } from './describe-source.ts'

const folder = await mkdtemp(join(tmpdir(), 'csv-'))
const fixture = (name: string): string => join(import.meta.dirname, 'files', name)
let files = 0

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(folder, `${files++}.csv`)
  await writeFile(path, content)
  return path
}

function sourceOf(path: string, keys: Record<string, unknown> = {}): Source {
  return csvSource(csvConnection.parse({ kind: 'csv', name: 'hr', path, key: 'MATRICULE', ...keys }))
}

const of = async (content: string | Buffer, keys: Record<string, unknown> = {}) =>
  await readAll(sourceOf(await fileOf(content), keys))

/** What a read throws, and what it gave before. */
async function incomplete(source: Source): Promise<{ reason: unknown; text: string; names: string[] }> {
  const names: string[] = []
  try {
    for await (const { name } of source.read({ attributes: 'all' })) names.push(name)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { reason: 'reason' in error ? error.reason : error, text: error.message, names }
  }
  throw new Error('it did not throw')
}

describeSource('csv', {
  nameOf: (uid) => uid,
  async people() {
    const lines = people.map(({ uid, sn, mail }) => `${uid};${sn};${mail.join(',')};;`)
    const path = await fileOf(['uid;sn;mail;description;ignored', ...lines, ''].join('\r\n'))
    return sourceOf(path, { key: 'uid', separators: { mail: ',' } })
  },
  async many(count) {
    const lines = Array.from({ length: count }, (_, index) => `${index};Élodie;"Direction; des systèmes"\r\n`)
    return sourceOf(await fileOf(`MATRICULE;PRENOM;SERVICE\r\n${lines.join('')}`))
  },
  cut: {
    reason: 'truncated',
    open: async () => sourceOf(await fileOf('MATRICULE;NOM\r\n1;LEFÈVRE\r\n2;NGUY')),
  },
})

describe('a CSV file as HR sends it', () => {
  test('is read from Windows-1252, with its euro sign and its oe, dates in French and no end for ever', async () => {
    const { records, faults } = await readAll(
      sourceOf(fixture('siham-windows-1252.csv'), {
        dates: [{ columns: ['DATE_DEBUT'] }, { columns: ['DATE_FIN'], time: 'end', never: ['00/00/0000'] }],
      }),
    )
    expect(faults).toEqual([])
    expect(records.map((record) => [record.name, record.values('nom'), record.values('date_fin')])).toEqual([
      ['00012', ['LEFÈVRE'], []],
      ['00013', ['ŒUVRARD'], ['20260831215959Z']],
      ['00014', ["D'HERVÉ"], []],
    ])
    expect(records[0]?.values('date_debut')).toEqual(['20190831220000Z'])
    expect(records[1]?.values('service')).toEqual(['Budget ; « frais en € »'])
    expect(records[2]?.values('service')).toEqual(['Cabinet\nSecrétariat'])
  })

  test('is read from UTF-8 with a byte order mark, whatever the encoding is said to be', async () => {
    for (const encoding of ['auto', 'utf-8', 'windows-1252']) {
      const { records } = await readAll(sourceOf(fixture('siham-utf-8-bom.csv'), { encoding }))
      expect(records.map((record) => record.values('nom'))).toEqual([['LEFÈVRE'], ['NGUYỄN']])
    }
  })

  test('is read from what spreadsheets call Unicode text', async () => {
    const text = Buffer.from('\uFEFFMATRICULE\tNOM\r\n1\tNGUYỄN\r\n', 'utf16le')
    const { records } = await of(text)
    expect(records.map((record) => record.values('nom'))).toEqual([['NGUYỄN']])
  })

  test('keeps its accents when one byte of it is wrong, and tells the line with that byte', async () => {
    const good = Array.from({ length: 20 }, (_, index) => `${index};Élodie\n`).join('')
    const { records, faults } = await of(
      Buffer.concat([
        Buffer.from(`MATRICULE;PRENOM\n${good}20;Ren`),
        Buffer.from([0xe9]),
        Buffer.from('e\n'),
      ]),
    )
    expect(records).toHaveLength(20)
    expect(records[0]?.values('prenom')).toEqual(['Élodie'])
    expect(faults).toMatchObject([{ place: 'line 22', column: 'PRENOM', text: 'bytes that are not UTF-8' }])
  })

  test('makes one person of several lines, wherever they are', async () => {
    const { records } = await readAll(
      sourceOf(fixture('several-posts.csv'), { severalRows: true, delimiter: ';' }),
    )
    expect(
      new Map(records.map((record) => [record.name, [record.values('poste'), record.values('nom')]])),
    ).toEqual(
      new Map([
        ['1', [['Enseignant', 'Chercheur', 'Élu'], ['LEFÈVRE']]],
        ['2', [['Agent'], ['NGUYỄN']]],
        ['3', [['Agent', 'Formateur'], ['ŒUVRARD']]],
      ]),
    )
  })

  test('tells wrong lines by number and column, without values, and reads the others', async () => {
    const { records, faults } = await readAll(
      sourceOf(fixture('wrong-lines.csv'), { dates: [{ columns: ['FIN'] }] }),
    )
    expect(records.map(({ name }) => name)).toEqual(['1', '5', '7', '9'])
    expect(faults.map(({ place, column, text }) => [place, column, text])).toEqual([
      ['line 3', undefined, '2 columns instead of 3'],
      ['line 4', 'NOM', 'text after the closing quote'],
      ['line 5', 'FIN', 'not a date'],
      ['line 7', 'NOM', 'a quote that is not closed'],
      ['line 9', 'MATRICULE', 'no key'],
      ['line 10', undefined, '4 columns instead of 3'],
    ])
    expect(JSON.stringify(faults.map(({ record: _, ...fault }) => fault))).not.toMatch(/SECRET/)
  })

  test('says who a wrong line is about when that can be read, so that they do not count as gone', async () => {
    const { faults } = await of('MATRICULE;NOM;FIN\n1;SECRET;31/02/2026\n2;x\n3;y;z\n', {
      dates: [{ columns: ['FIN'] }],
    })
    expect(faults.map(({ record }) => record?.values('matricule'))).toEqual([['1'], undefined, ['3']])
  })

  test('leaves out a person of several lines when one of them is wrong', async () => {
    const { records, faults } = await of(
      'MATRICULE;POSTE;FIN\n1;Agent;01/01/2026\n1;Élu;32/01/2026\n2;Agent;\n1;Maire;01/01/2026\n',
      { severalRows: true, dates: [{ columns: ['FIN'] }] },
    )
    expect(records.map(({ name }) => name)).toEqual(['2'])
    expect(faults).toHaveLength(1)
  })

  test('is found with commas and tabs, no line of names, and columns of one name', async () => {
    const { records } = await of('7,LEFÈVRE,0477,0478\n', {
      header: ['MATRICULE', 'nom', 'tel', 'tel'],
    })
    expect(records.map((record) => record.values('tel'))).toEqual([['0477', '0478']])
    const { records: tabs } = await of('MATRICULE\tNOM\n1\tA;B\n')
    expect(tabs[0]?.values('nom')).toEqual(['A;B'])
  })

  test('may have spaces around, blank lines and a delimiter too many at its ends', async () => {
    const { records, faults } = await of('MATRICULE ; NOM\n\n 1 ; "A ; B" \n2;  ;\n\n')
    expect(faults).toEqual([])
    expect(records.map((record) => [record.name, record.values('nom')])).toEqual([
      ['1', ['A ; B']],
      ['2', []],
    ])
  })
})

describe('a CSV file that did not arrive as a whole', () => {
  test.each([
    ['within quotes', 'MATRICULE;NOM\r\n1;A\r\n2;"B\r\n', {}, 'within quotes'],
    ['within a line', 'MATRICULE;NOM\r\n1;A\r\n2;B', {}, 'no line end'],
    [
      'within a line, whatever its producer does',
      'MATRICULE;NOM\n1;A\n2',
      { end: { newline: false } },
      'too few',
    ],
    ['after a short line', 'MATRICULE;NOM\n1;A\n2\n', {}, 'too few'],
    ['before its last line', 'MATRICULE;NOM\n1;A\n', { end: { line: 'FIN' } }, 'does not end with'],
    ['with lines missing', 'MATRICULE;NOM\n1;A\nFIN;2\n', { end: { line: 'FIN' } }, 'says 2'],
    ['with few records', 'MATRICULE;NOM\n1;A\n', { end: { minimum: 2 } }, 'has 1 records'],
  ])('is told after its good lines: %s', async (_, text, keys, said) => {
    expect(await incomplete(sourceOf(await fileOf(text), keys))).toEqual({
      reason: 'truncated',
      text: expect.stringContaining(said),
      names: ['1'],
    })
    const merged = await incomplete(sourceOf(await fileOf(text), { ...keys, severalRows: true }))
    expect(merged).toMatchObject({ reason: 'truncated' })
  })

  test('is told when it is written while it is read', async () => {
    const path = await fileOf(`MATRICULE;NOM\n${'1;A\n'.repeat(100_000)}`)
    const read = async (): Promise<number> => {
      let count = 0
      for await (const record of sourceOf(path).read({ attributes: 'all' }))
        if (record.name !== '' && ++count === 1) await appendFile(path, '2;B\n')
      return count
    }
    await expect(read()).rejects.toMatchObject({ reason: 'truncated' })
  })

  test('is not disturbed by the file of tomorrow, which takes its place', async () => {
    const path = await fileOf(`MATRICULE;NOM\n${'1;A\n'.repeat(100_000)}`)
    const tomorrow = await fileOf('MATRICULE;NOM\n2;B\n')
    const names = new Set<string>()
    for await (const { name } of sourceOf(path).read({ attributes: 'all' })) {
      if (names.size === 0) await rename(tomorrow, path)
      names.add(name)
    }
    expect([...names]).toEqual(['1'])
  })

  test('takes a last line without line end when its producer is said not to write it', async () => {
    const { records } = await of('MATRICULE;NOM\n1;A\n2;B', { end: { newline: false } })
    expect(records).toHaveLength(2)
  })

  test('knows the line at its end, and counts with it', async () => {
    const { records } = await of('MATRICULE;NOM\n1;A\n2;"B\nC"\nFIN;2\n', { end: { line: 'FIN' } })
    expect(records.map(({ name }) => name)).toEqual(['1', '2'])
  })

  test.each([
    ['is not there', 'unreachable', async () => join(folder, 'nothing.csv')],
    ['is a folder', 'refused', async () => folder],
    ['is empty', 'truncated', () => fileOf('')],
    ['has other columns', 'faulty', () => fileOf('ID;NOM\n1;A\n')],
  ])('says so when it %s', async (_, reason, path) => {
    expect(await incomplete(sourceOf(await path()))).toMatchObject({ reason, names: [] })
  })
})
