import { makeRecord, type SyncRecord } from '../../../sync/record.ts'
import type { Source } from '../../../sync/connectors/connector.ts'
import { PEOPLE, type Step, type Traits } from './steps.ts'

export type Person = Traits & { readonly uid: string; readonly manager: number | null }

/** The source of a history: who is there, and who is there twice. */
export type PeopleSource = {
  readonly people: ReadonlyMap<number, Person>
  /** Numbers under which the source has two people. */
  readonly doubted: ReadonlySet<number>
  /** What happens in the destination by other hands is not for it. */
  take(step: Step): void
  /** A uid that nobody has ever had. */
  freshUid(): string
  readonly side: Source
}

/** What makes a uid hard to write in a DN. */
const ENDINGS = ['', ' x', '+y', ',z', '"q"', '\\', ';<>', '=', 'é', ' #']

const sourceName = (who: number): string => `cn=${who},ou=hr`

export function makePeopleSource(): PeopleSource {
  const people = new Map<number, Person>()
  const doubted = new Set<number>()
  const known = new Set<number>()
  /** Uids of who has left, by their numbers. */
  const freed = new Map<number, string>()
  /** Whose uid somebody else has got since the last run: they stay away until then. */
  const replaced = new Set<number>()
  let uids = 0
  const freshUid = (): string => `u${uids++}${ENDINGS[uids % ENDINGS.length]}`
  function change(who: number, traits: Partial<Person>): void {
    const person = people.get(who)
    if (person !== undefined) people.set(who, { ...person, ...traits })
  }
  /** Only newcomers get the uid of who has left: two that swap theirs would wait for each other for ever. */
  function uidFor(who: number): string {
    const [left] = freed
    freed.delete(known.has(who) || left === undefined ? who : left[0])
    if (known.has(who) || left === undefined) return freshUid()
    replaced.add(left[0])
    return left[1]
  }
  function hire(who: number, traits: Traits): void {
    if (people.has(who) || replaced.has(who)) return
    people.set(who, { ...traits, uid: uidFor(who), manager: null })
    known.add(who)
  }
  function leave(who: number): void {
    const person = people.get(who)
    if (person !== undefined) freed.set(who, person.uid)
    people.delete(who)
    doubted.delete(who)
  }
  return {
    people,
    doubted,
    freshUid,
    take(step) {
      if (step.type === 'hire') hire(step.who, step.person)
      if (step.type === 'change') change(step.who, step.person)
      if (step.type === 'rename') change(step.who, { uid: freshUid() })
      if (step.type === 'manage') change(step.who, { manager: step.other })
      if (step.type === 'leave') leave(step.who)
      if (step.type === 'run') replaced.clear()
      if (step.type === 'doubt' && people.has(step.who) && !doubted.delete(step.who)) doubted.add(step.who)
    },
    side: {
      read: () => recordsOf(people, doubted),
      close: () => Promise.resolve(),
    },
  }
}

async function* recordsOf(
  people: PeopleSource['people'],
  doubted: PeopleSource['doubted'],
): AsyncGenerator<SyncRecord> {
  for (const [who, person] of people) yield recordOf(who, person)
  for (const who of doubted) yield makeRecord(`cn=twin ${who},ou=hr`, numbered(who))
  yield makeRecord('cn=without number,ou=hr', new Map([['sn', ['Nobody']]]))
}

function numbered(who: number): ReadonlyMap<string, readonly string[]> {
  return new Map([['employeenumber', [String(who)]]])
}

function recordOf(who: number, person: Person): SyncRecord {
  const { uid, sn, givenName, mail, telephoneNumber, title, site, manager } = person
  const values = {
    uid: [uid],
    sn: [sn],
    givenname: [givenName],
    mail,
    telephonenumber: telephoneNumber,
    title: [title],
    site: [site],
    manager: manager === null ? [] : [sourceName(manager % PEOPLE)],
  }
  const present = Object.entries(values).map(
    ([name, list]) => [name, list.filter((value) => value !== '')] as const,
  )
  return makeRecord(
    sourceName(who),
    new Map([...numbered(who), ...present.filter(([, list]) => list.length > 0)]),
  )
}
