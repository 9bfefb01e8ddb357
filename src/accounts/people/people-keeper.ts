import type { Visibility } from '../../access/visibility.ts'
import type { Branch } from '../../directory/branch.ts'
import type { Directory } from '../../directory/directory.ts'
import { isWithin } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import { compileFilter } from '../../ldap/match.ts'
import { accountIdOf } from '../account-id.ts'
import { hiddenMask } from './people-index/hidden-mask.ts'
import type { EntryId, IndexedPerson } from './people-index/indexed-person.ts'
import type { PeopleIndex } from './people-index/people-index.ts'
import { personOf } from '../person.ts'

/** Puts entries into an index as they are read, and knows who of them has a photo. */
export function createPeopleKeeper(branches: readonly Branch[], visibility: Visibility, index: PeopleIndex) {
  const places = branches.map((branch) => ({ branch, test: compileFilter(branch.filter) }))
  const photos = new Set<string>()

  // Branches may overlap: who left one may still be in another.
  const isInside = (directory: Directory, entry: Entry) =>
    places.some(
      ({ branch, test }) => branch.directory === directory && isWithin(entry.dn, branch.base) && test(entry),
    )

  function forget(ref: EntryId): void {
    index.remove(ref)
    photos.delete(accountIdOf(ref))
  }

  return {
    /** Puts the entry into the index when it is in one of the branches, else takes it out. */
    take(directory: Directory, entry: Entry, hasPhoto: boolean): void {
      const ref = { directory: directory.name, id: directory.idOf(entry) }
      if (!isInside(directory, entry)) return forget(ref)
      index.put(indexedPerson(directory, visibility, entry))
      if (hasPhoto) photos.add(accountIdOf(ref))
      else photos.delete(accountIdOf(ref))
    },
    /** Forgets everyone whose account id is not among these. */
    keepOnly(present: ReadonlySet<string>): void {
      for (const ref of index.people()) if (!present.has(accountIdOf(ref))) forget(ref)
    },
    hasPhoto: (ref: EntryId): boolean => photos.has(accountIdOf(ref)),
  }
}

function indexedPerson(directory: Directory, visibility: Visibility, entry: Entry): IndexedPerson {
  const person = personOf(directory, entry)
  const fullName = [person.givenName, person.familyName].filter((name) => name !== null).join(' ')
  const names = [person.displayName, fullName, first(entry, 'cn') ?? '']
  const listed = (value: string | null) => (value ? [value] : [])
  return {
    directory: person.directory,
    id: person.id,
    login: person.login,
    // A login that stands for a name is found as a login: it may be hidden, names are not.
    names: names.filter((name) => name !== '' && name !== person.login),
    mail: person.mail,
    phone: person.phone,
    title: listed(person.title),
    department: listed(person.department),
    site: listed(person.site),
    hidden: hiddenMask((audience) => visibility.hiddenFrom(audience, entry)),
  }
}
