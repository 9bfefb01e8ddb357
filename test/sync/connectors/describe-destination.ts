import { describe, expect, onTestFinished, test } from 'vitest'
import { ApplyFailure, type Destination } from '../../../sync/connectors/connector.ts'
import type { Change, Modification } from '../../../sync/plan/change.ts'
import type { SyncRecord, Values } from '../../../sync/record.ts'
import { people } from './describe-source.ts'

/** How one kind of destination holds the `people` of `describe-source.ts`. */
export type DestinationKit = {
  readonly nameOf: (uid: string) => string
  /** Holds exactly these people; asked for once in each test. */
  open(): Promise<Destination>
  /** What a new record needs beside `uid` and `sn`. */
  readonly needed?: Readonly<Record<string, Values>>
}

/** What every kind of destination keeps to, beside `describeSource`: the contract of `sync/connectors/connector.ts`. */
export function describeDestination(kind: string, kit: DestinationKit): void {
  describe(`${kind} as a destination`, () => {
    isReadAgain(kit)
    doesOperations(kit)
    refusesHonestly(kit)
    comparesItsOwn(kit)
  })
}

/** Closed when the test is over. */
async function opened(kit: DestinationKit): Promise<Destination> {
  const side = await kit.open()
  onTestFinished(() => side.close())
  return side
}

function isReadAgain(kit: DestinationKit): void {
  const { nameOf } = kit
  test('gives records again by id and by name, and leaves out who is absent', async () => {
    const side = await opened(kit)
    const [zoe] = await side.rereadNamed([nameOf('zoe'), nameOf('nobody')], ['uid', 'sn'])
    expect(zoe?.values('sn')).toEqual(['NGUYỄN'])
    const again = await side.reread([zoe?.id ?? ''], 'all')
    expect(again.map(({ name }) => name)).toEqual([nameOf('zoe')])
    expect(again[0]?.values('uid')).toEqual(['zoe'])
    expect(await side.rereadNamed([], 'all')).toEqual([])
  })
}

function doesOperations(kit: DestinationKit): void {
  test('creates a record with all of its values', async () => {
    const side = await opened(kit)
    const mail = ['neo@acme.example', 'the.one@acme.example']
    await side.apply(creation(kit, 'neo', { sn: ["L'ÉLU; drop"], mail }))
    const neo = await the(side, kit.nameOf('neo'))
    expect(neo.values('sn')).toEqual(["L'ÉLU; drop"])
    expect(neo.values('mail').map(String).toSorted()).toEqual(mail)
    expect(await everybody(side)).toHaveLength(people.length + 1)
  })

  test('replaces, adds, removes and empties values, and leaves the others', async () => {
    const side = await opened(kit)
    const elodie = kit.nameOf('elodie')
    await side.apply(
      update(elodie, [
        { operation: 'replace', attribute: 'sn', values: ['MARTIN'] },
        { operation: 'delete', attribute: 'mail', values: ['e.lefevre@acme.example'] },
        { operation: 'add', attribute: 'mail', values: ['e.martin@acme.example'] },
        { operation: 'replace', attribute: 'description', values: ['née Lefèvre'] },
      ]),
    )
    const changed = await the(side, elodie)
    expect(changed.values('sn')).toEqual(['MARTIN'])
    expect(changed.values('mail').map(String).toSorted()).toEqual([
      'e.martin@acme.example',
      'elodie@acme.example',
    ])
    expect(changed.values('description')).toEqual(['née Lefèvre'])
    const emptied = ['mail', 'description'] as const
    await side.apply(
      update(
        elodie,
        emptied.map((attribute) => ({ operation: 'replace', attribute, values: [] })),
      ),
    )
    const bare = await the(side, elodie)
    expect(emptied.flatMap((attribute) => bare.values(attribute))).toEqual([])
    expect((await the(side, kit.nameOf('hugo'))).values('mail')).toEqual(['hugo@acme.example'])
  })

  test('renames a record, which keeps its values', async () => {
    const side = await opened(kit)
    await side.apply({ kind: 'rename', name: kit.nameOf('hugo'), to: kit.nameOf('victor') })
    const victor = await the(side, kit.nameOf('victor'))
    expect(victor.values('uid')).toEqual(['victor'])
    expect(victor.values('mail')).toEqual(['hugo@acme.example'])
    expect(await side.rereadNamed([kit.nameOf('hugo')], ['uid'])).toEqual([])
  })

  test('deletes a record and no other', async () => {
    const side = await opened(kit)
    await side.apply({ kind: 'delete', name: kit.nameOf('hugo'), subtree: false })
    expect(await everybody(side)).toEqual([kit.nameOf('elodie'), kit.nameOf('zoe')].toSorted())
  })

  test('does several operations at once', async () => {
    const side = await opened(kit)
    const uids = Array.from({ length: 12 }, (_, index) => `agent${index}`)
    await Promise.all(uids.map((uid) => side.apply(creation(kit, uid))))
    expect(await everybody(side)).toHaveLength(people.length + uids.length)
  })
}

function refusesHonestly(kit: DestinationKit): void {
  test('says that a record exists or is gone, and that it refuses, without a value', async () => {
    const side = await opened(kit)
    expect(await failure(side, creation(kit, 'zoe'))).toMatchObject({ kind: 'exists' })
    const nobody = kit.nameOf('nobody')
    const gone = { kind: 'gone' }
    expect(await failure(side, { kind: 'delete', name: nobody, subtree: false })).toMatchObject(gone)
    expect(await failure(side, { kind: 'rename', name: nobody, to: kit.nameOf('x') })).toMatchObject(gone)
    const replace = (attribute: string): Modification[] => [
      { operation: 'replace', attribute, values: ['SECRET'] },
    ]
    expect(await failure(side, update(nobody, replace('sn')))).toMatchObject(gone)
    const refused = await failure(side, update(kit.nameOf('zoe'), replace('noSuchThing')))
    expect(refused).toMatchObject({ kind: 'refused' })
    expect(refused.message).not.toContain('SECRET')
    expect((await the(side, kit.nameOf('zoe'))).values('sn')).toEqual(['NGUYỄN'])
  })
}

function comparesItsOwn(kit: DestinationKit): void {
  const { nameOf } = kit
  test('tells names and values apart', async () => {
    const { comparison } = await opened(kit)
    expect(comparison.sameName(nameOf('zoe'), nameOf('zoe'))).toBe(true)
    expect(comparison.sameName(nameOf('zoe'), nameOf('hugo'))).toBe(false)
    expect(comparison.key('sn', 'NGUYỄN')).toBe(comparison.key('SN', 'NGUYỄN'))
    expect(comparison.key('sn', 'NGUYỄN')).not.toBe(comparison.key('sn', 'MARTIN'))
    expect(comparison.isSingleValued('mail')).toBe(false)
    expect(comparison.isWritable('sn')).toBe(true)
    expect(comparison.isKnown('sn')).not.toBe(false)
  })
}

function creation(
  { nameOf, needed = {} }: DestinationKit,
  uid: string,
  more: Record<string, Values> = {},
): Change {
  const attributes = { ...needed, uid: [uid], sn: ['NEW'], ...more }
  return { kind: 'create', name: nameOf(uid), attributes: new Map(Object.entries(attributes)) }
}

function update(name: string, modifications: readonly Modification[]): Change {
  return { kind: 'update', name, modifications }
}

async function the(side: Destination, name: string): Promise<SyncRecord> {
  const [record] = await side.rereadNamed([name], 'all')
  if (record === undefined) throw new Error(`${name} is gone`)
  return record
}

async function everybody(side: Destination): Promise<string[]> {
  const records = await Array.fromAsync(side.read({ attributes: ['uid'] }))
  return records.map(({ name }) => name).toSorted()
}

async function failure(side: Destination, change: Change): Promise<ApplyFailure> {
  try {
    await side.apply(change)
  } catch (error) {
    if (error instanceof ApplyFailure) return error
    throw error
  }
  throw new Error('it was done')
}
