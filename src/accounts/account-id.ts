import type { PersonRef } from '../access/actor.ts'

/** What identifies a person of the tenant for ever, in tokens (`sub`), sessions and our own store: renames do not change it. */
export function accountIdOf(person: Pick<PersonRef, 'directory' | 'id'>): string {
  return `${person.directory}.${person.id}`
}

/** The directory's name and the entry's id; null when the text is no account id. Directory names hold no dot. */
export function parseAccountId(accountId: string): { directory: string; id: string } | null {
  const dot = accountId.indexOf('.')
  return dot < 1 ? null : { directory: accountId.slice(0, dot), id: accountId.slice(dot + 1) }
}
