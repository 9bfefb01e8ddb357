import type { PersonRef } from '../access/actor.ts'
import type { Hideable } from '../access/visibility.ts'
import type { Directory } from '../directory/directory.ts'
import { toDn } from '../ldap/dn.ts'
import { accountIdOf } from './account-id.ts'
import { bytes, first, text, type Entry } from '../ldap/entry.ts'

/** A person in our own words, the attribute map applied. Missing things are null or empty, never undefined. */
export type Person = {
  directory: string
  id: string
  /** Empty for who may not see it; then the DN is, which as a rule holds the login. */
  login: string
  dn: string
  /** What names the person in addresses: the login or, where there is none or it may not be seen, the account id behind `~`. */
  handle: string
  displayName: string
  givenName: string | null
  familyName: string | null
  mail: readonly string[]
  phone: readonly string[]
  title: string | null
  department: string | null
  site: string | null
  /** DN of the manager's entry. */
  manager: string | null
  hasPhoto: boolean
}

/** The attributes that `personOf` reads; the photo's bytes are not among them. */
export function personAttributes(directory: Directory): string[] {
  const { login, manager, photo: _, ...lists } = directory.attributes
  return [...new Set([directory.idAttribute, login, manager, ...Object.values(lists).flat()])]
}

/** Reads a person from an entry. `hasPhoto` is true only when the photo attribute was asked for (its name alone is enough). */
export function personOf(directory: Directory, entry: Entry): Person {
  const map = directory.attributes
  const login = first(entry, map.login) ?? ''
  const ref = { directory: directory.name, id: directory.idOf(entry) }
  return {
    ...ref,
    login,
    dn: entry.dn,
    // Browsers take dots for steps in the path.
    handle: ['', '.', '..'].includes(login) ? handleById(ref) : login,
    displayName: firstOf(entry, map.displayName) ?? login,
    givenName: firstOf(entry, map.givenName),
    familyName: firstOf(entry, map.familyName),
    mail: allOf(entry, map.mail),
    phone: allOf(entry, map.phone),
    title: firstOf(entry, map.title),
    department: firstOf(entry, map.department),
    site: firstOf(entry, map.site),
    manager: first(entry, map.manager) ?? null,
    hasPhoto: bytes(entry, map.photo).length > 0,
  }
}

export function personRefOf(directory: Directory, entry: Entry): PersonRef {
  return {
    directory: directory.name,
    id: directory.idOf(entry),
    dn: toDn(entry.dn),
    login: first(entry, directory.attributes.login) ?? '',
  }
}

/** The person as an audience may see them. `groups` is not a part of `Person`: whoever shows groups asks the same set. */
export function projectPerson(person: Person, hidden: ReadonlySet<Hideable>): Person {
  if (hidden.size === 0) return person
  const shown = <T>(what: Hideable, value: T, otherwise: T) => (hidden.has(what) ? otherwise : value)
  return {
    ...person,
    login: shown('login', person.login, ''),
    dn: shown('login', person.dn, ''),
    handle: shown('login', person.handle, handleById(person)),
    displayName: hidden.has('login') && person.displayName === person.login ? '' : person.displayName,
    mail: shown('mail', person.mail, []),
    phone: shown('phone', person.phone, []),
    title: shown('title', person.title, null),
    department: shown('department', person.department, null),
    site: shown('site', person.site, null),
    manager: shown('manager', person.manager, null),
    hasPhoto: shown('photo', person.hasPhoto, false),
  }
}

function handleById(ref: Pick<PersonRef, 'directory' | 'id'>): string {
  return `~${accountIdOf(ref)}`
}

function firstOf(entry: Entry, names: readonly string[]): string | null {
  for (const name of names) {
    const value = first(entry, name)
    if (value !== undefined) return value
  }
  return null
}

function allOf(entry: Entry, names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => text(entry, name)))]
}
