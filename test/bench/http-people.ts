import { makePeople } from '../support/people.ts'

/** What the bench searches for, and the logins that every right answer holds. */
export type Wanted = { readonly text: string; readonly logins: readonly string[] }

/** Names that 8 to 12 of the people have. */
export function narrowSearches(count: number): Wanted[] {
  const byName = new Map<string, string[]>()
  for (const { givenName, sn, uid } of makePeople(count)) {
    const name = `${givenName} ${sn}`
    byName.set(name, [...(byName.get(name) ?? []), uid])
  }
  return [...byName]
    .map(([text, logins]) => ({ text, logins }))
    .filter(({ logins }) => logins.length >= 8 && logins.length <= 12)
}

/** Family names, which more than a hundred people have each. */
export function wideSearches(count: number): string[] {
  const counts = new Map<string, number>()
  for (const { sn } of makePeople(count)) counts.set(sn, (counts.get(sn) ?? 0) + 1)
  return [...counts].flatMap(([sn, held]) => (held > 100 ? [sn] : []))
}

/** The login of the person with that number, of those whom tests do not ask for by name. */
export function loginOf(index: number): string {
  return `u${String(index).padStart(6, '0')}`
}
