import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import {
  IncompleteSource,
  type IncompleteReason,
  type RecordFault,
  type Source,
} from '../../../sync/connectors/connector.ts'
import { NO_VALUES, type SyncRecord } from '../../../sync/record.ts'

/** What the people of every source are. `description` is there without a value, `title` is not there at all. */
export const people = [
  { uid: 'elodie', sn: 'LEFÈVRE', mail: ['elodie@acme.example', 'e.lefevre@acme.example'] },
  { uid: 'hugo', sn: "D'HERVÉ", mail: ['hugo@acme.example'] },
  { uid: 'zoe', sn: 'NGUYỄN', mail: [] },
] as const

/** How one kind of source shows these people. */
export type SourceKit = {
  readonly nameOf: (uid: string) => string
  /** A source of the people; asked for once in each test. */
  people(): Promise<Source>
  /** A source of this many records. */
  many(count: number): Promise<Source>
  readonly manyCount?: number
  /** A source that ends too early, after at least one record. */
  cut: { readonly reason: IncompleteReason; open(): Promise<Source> }
}

/** What every kind of source keeps to: the contract of `sync/connectors/connector.ts`. */
export function describeSource(kind: string, kit: SourceKit): void {
  describe(`${kind} as a source`, () => {
    readsEverybody(kit)
    findsSome(kit)
    canBeStopped(kit)
    isHonestAndFrugal(kit)
  })
}

function readsEverybody(kit: SourceKit): void {
  test('reads everybody with all attributes, each value once and in order', async () => {
    const { records } = await readAll(await kit.people())
    expect(records.map((record) => record.name).toSorted()).toEqual(
      people.map(({ uid }) => kit.nameOf(uid)).toSorted(),
    )
    for (const { uid, sn, mail } of people) {
      const record = records.find(({ name }) => name === kit.nameOf(uid))
      expect(record?.values('uid')).toEqual([uid])
      expect(record?.values('sn')).toEqual([sn])
      expect(record?.values('mail')).toEqual(mail)
    }
  })

  test('knows attributes in any case, and empty ones not at all', async () => {
    const { records } = await readAll(await kit.people())
    const zoe = records.find(({ name }) => name === kit.nameOf('zoe'))
    expect(zoe?.values('UID')).toEqual(['zoe'])
    expect(zoe?.names()).toEqual(zoe?.names().map((name) => name.toLowerCase()))
    expect(zoe?.values('description')).toEqual(NO_VALUES)
    expect(zoe?.values('title')).toEqual(NO_VALUES)
    expect(zoe?.names()).toContain('uid')
    for (const absent of ['description', 'title', 'mail']) expect(zoe?.names()).not.toContain(absent)
  })

  test('brings only what is wanted', async () => {
    const { records } = await readAll(await kit.people(), ['sn'])
    expect(new Set(records.flatMap((record) => record.names()))).toEqual(new Set(['sn']))
    expect(records).toHaveLength(people.length)
  })

  test('can be read again', async () => {
    const source = await kit.people()
    try {
      for (let round = 0; round < 2; round++) {
        const names = []
        for await (const { name } of source.read({ attributes: ['uid'] })) names.push(name)
        expect(names).toHaveLength(people.length)
      }
    } finally {
      await source.close()
    }
  })
}

function findsSome(kit: SourceKit): void {
  test('finds those that have a value, each once, where it can', async () => {
    const source = await kit.people()
    try {
      const find = source.find?.bind(source)
      if (!find) return
      const wanted = { attributes: ['sn', 'uid'] }
      const found = await find('uid', ['zoe', 'elodie', 'nobody', "';--"], wanted)
      expect(found.map(({ name }) => name).toSorted()).toEqual([kit.nameOf('elodie'), kit.nameOf('zoe')])
      expect(await find('uid', ['nobody'], wanted)).toEqual([])
      expect(await find('uid', [], wanted)).toEqual([])
    } finally {
      await source.close()
    }
  })
}

function canBeStopped(kit: SourceKit): void {
  test('stops when it is told to', async () => {
    const source = await kit.many(5_000)
    const stop = new AbortController()
    const read = async (): Promise<void> => {
      for await (const record of source.read({ attributes: 'all', signal: stop.signal })) {
        expect(record.name).not.toBe('')
        stop.abort(new Error('told to stop'))
      }
    }
    await expect(read()).rejects.toThrow('told to stop')
    await source.close()
  })

  test('lets its reader stop', async () => {
    const source = await kit.many(5_000)
    for await (const record of source.read({ attributes: 'all' })) {
      expect(record.id).not.toBe('')
      break
    }
    await source.close()
  })
}

function isHonestAndFrugal(kit: SourceKit): void {
  test('never ends early without saying so', async () => {
    const source = await kit.cut.open()
    const records: SyncRecord[] = []
    const read = async (): Promise<void> => {
      for await (const record of source.read({ attributes: 'all' })) records.push(record)
    }
    const error = await read().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(IncompleteSource)
    expect(error).toMatchObject({ reason: kit.cut.reason })
    expect(records.length).toBeGreaterThan(0)
    await source.close()
  })

  test('reads many in constant memory', { timeout: 60_000 }, async () => {
    const count = kit.manyCount ?? 200_000
    const source = await kit.many(count)
    let seen = 0
    let first = 0
    let most = 0
    for await (const { name } of source.read({ attributes: 'all' })) {
      if (name === '') throw new Error('a record without a name')
      if (++seen % (count / 10) === 0) most = Math.max(most, usedHeap())
      if (seen === 1_000) first = usedHeap()
    }
    await source.close()
    expect(seen).toBe(count)
    expect(most - first).toBeLessThan(10_000_000)
  })
}

/** All that a source gives, faults included. */
export async function readAll(
  source: Source,
  attributes: readonly string[] | 'all' = 'all',
): Promise<{ records: SyncRecord[]; faults: RecordFault[] }> {
  const records: SyncRecord[] = []
  const faults: RecordFault[] = []
  try {
    for await (const record of source.read({ attributes, onFault: (fault) => faults.push(fault) }))
      records.push(record)
  } finally {
    await source.close()
  }
  return { records, faults }
}

/** Bytes in use after what nobody needs is gone. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}
