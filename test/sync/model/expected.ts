import { dn, toDn } from '../../../src/ldap/dn.ts'
import type { PeopleSource, Person } from './people-source.ts'

/** An entry of the destination as the model sees it: what the schema takes for equal is equal. */
export type Held = { readonly dn: string; readonly number: string | null; readonly values: Values }
export type Values = Readonly<Record<string, readonly string[]>>

/** What the destination has to hold after a run, in any order: of what it held before and what the source has. */
export function expectedAfter(source: PeopleSource, before: readonly Held[], base: string): Held[] {
  const byNumber = Map.groupBy(before, ({ number }) => number)
  const isClear = (who: number): boolean =>
    !source.doubted.has(who) && (byNumber.get(String(who)) ?? []).length <= 1
  const expected: Held[] = []
  for (const [who, person] of source.people) {
    const held = byNumber.get(String(who)) ?? []
    if (isClear(who)) expected.push(entryOf(who, person, held[0], { source, isClear, base }))
    else expected.push(...held)
  }
  return expected
}

type World = {
  readonly source: PeopleSource
  readonly isClear: (who: number) => boolean
  readonly base: string
}

function entryOf(
  who: number,
  person: Person,
  held: Held | undefined,
  { source, isClear, base }: World,
): Held {
  const { uid, sn, givenName, mail, title } = person
  const manager = person.manager === null ? undefined : source.people.get(person.manager)
  const kept = held?.values['title'] ?? []
  const values = {
    uid: [uid],
    sn: [sn],
    cn: [givenName === '' ? sn : `${givenName} ${sn}`],
    mail,
    telephonenumber: [...(held?.values['telephonenumber'] ?? []), ...person.telephoneNumber],
    title: kept.length > 0 || title === '' ? kept : [title],
    description: held === undefined ? ['new'] : (held.values['description'] ?? []),
    manager: manager === undefined ? [] : [nameOf(manager, base)],
  }
  // Nobody can say where somebody is who is there twice.
  const isKnown = person.manager === null || isClear(person.manager)
  return {
    dn: nameOf(person, base),
    number: String(who),
    values: normal(isKnown ? values : { ...values, manager: ['?'] }),
  }
}

function nameOf({ uid, site }: Person, base: string): string {
  return dn`uid=${uid},ou=${site},${toDn(base)}`
}

/** As the matching rules see values: without case and superfluous blanks, each once, in one order. */
export function normal(values: Values): Values {
  const present = Object.entries(values).map(([name, list]) => {
    const keys = list.map((value) =>
      name === 'telephonenumber'
        ? value.replaceAll(/[ -]/g, '')
        : value.normalize('NFKC').toLowerCase().trim().replaceAll(/ +/g, ' '),
    )
    return [name, [...new Set(keys)].toSorted()] as const
  })
  return Object.fromEntries(present.filter(([, list]) => list.length > 0))
}
