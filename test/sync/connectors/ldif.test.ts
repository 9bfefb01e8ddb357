import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ldifConnection } from '../../../src/config/sync-file-schema.ts'
import type { Source } from '../../../sync/connectors/connector.ts'
import { ldifSource } from '../../../sync/connectors/ldif/ldif-source.ts'
import { describeSource, people, readAll } from './describe-source.ts'

const folder = await mkdtemp(join(tmpdir(), 'ldif-'))
let files = 0

async function sourceOf(text: string | Buffer, keys: Record<string, unknown> = {}): Promise<Source> {
  const path = join(folder, `${files++}.ldif`)
  await writeFile(path, text)
  return ldifSource(ldifConnection.parse({ kind: 'ldif', name: 'file', path, ...keys }))
}

function entry(uid: string, lines: readonly string[]): string {
  return `dn: uid=${uid},ou=people,dc=acme,dc=example\n${lines.map((line) => `${line}\n`).join('')}\n`
}

describeSource('ldif', {
  nameOf: (uid) => `uid=${uid},ou=people,dc=acme,dc=example`,
  people: () => {
    const entries = people.map(({ uid, sn, mail }) =>
      entry(uid, [
        `uid: ${uid}`,
        `sn:: ${Buffer.from(sn).toString('base64')}`,
        'description:',
        ...mail.map((address) => `mail: ${address}`),
      ]),
    )
    return sourceOf(`version: 1\n\n${entries.join('')}`)
  },
  many: (count) =>
    sourceOf(
      Array.from({ length: count }, (_, index) => entry(`p${index}`, [`uid: p${index}`, 'sn: X'])).join(''),
    ),
  cut: {
    reason: 'truncated',
    open: () => sourceOf(`${entry('a', ['uid: a'])}${entry('b', ['uid: b', 'sn: NGUY']).trimEnd()}`),
  },
})

describe('an LDIF', () => {
  test('of slapcat gives ids, and no operational attributes', async () => {
    const { records } = await readAll(
      await sourceOf(
        entry('a', [
          'uid: a',
          'structuralObjectClass: inetOrgPerson',
          'entryUUID: 6a0e7c9e-0000-1040-8000-000000000001',
          'entryCSN: 20260101000000.000000Z#000000#000#000000',
        ]),
      ),
    )
    expect(records[0]?.id).toBe('6a0e7c9e-0000-1040-8000-000000000001')
    expect(records[0]?.names()).toEqual(['uid'])
  })

  test('of ldapsearch that hit a limit is not all there is', async () => {
    const text = `${entry('a', ['uid: a'])}# search result\nsearch: 2\nresult: 4 Size limit exceeded\n\n# numResponses: 2\n`
    await expect(readAll(await sourceOf(text))).rejects.toMatchObject({ reason: 'truncated' })
    const { records, faults } = await readAll(
      await sourceOf(text.replace('4 Size limit exceeded', '0 Success')),
    )
    expect([records.length, faults.length]).toEqual([1, 0])
  })

  test('has bytes where the standards or the configuration say so', async () => {
    const photo = Buffer.from([0xff, 0xd8, 0x00])
    const text = entry('a', [
      `jpegPhoto:: ${photo.toString('base64')}`,
      `x-badge:: ${photo.toString('base64')}`,
    ])
    const { records } = await readAll(await sourceOf(text, { binary: ['X-Badge'] }))
    expect(records[0]?.values('jpegphoto')).toEqual([photo])
    expect(records[0]?.values('x-badge')).toEqual([photo])
    const { faults } = await readAll(await sourceOf(text))
    expect(faults).toMatchObject([{ place: 'line 1', column: 'x-badge' }])
  })

  test('tells records that are none by their line, and reads the others', async () => {
    const { records, faults } = await readAll(
      await sourceOf(
        [
          entry('a', ['uid: a']),
          entry('b', ['changetype: delete']),
          'uid: nobody\n\n',
          entry('c', ['sn:: %%SECRET%%']),
          entry('d', ['uid: d']),
        ].join(''),
      ),
    )
    expect(records.map((record) => record.values('uid'))).toEqual([['a'], ['d']])
    expect(faults.map(({ place }) => place)).toEqual(['line 4', 'line 7', 'line 9'])
    expect(JSON.stringify(faults)).not.toContain('SECRET')
  })

  test('may lack the last line end when its producer is said not to write it', async () => {
    const text = entry('a', ['uid: a']).trimEnd()
    const { records } = await readAll(await sourceOf(text, { end: { newline: false } }))
    expect(records).toHaveLength(1)
  })
})
