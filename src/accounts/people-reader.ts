import type { Visibility } from '../access/visibility.ts'
import type { Branch } from '../directory/branch.ts'
import type { Directory } from '../directory/directory.ts'
import { first, type Entry } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import { filterAttributes } from '../ldap/filter-attributes.ts'
import { parseGeneralizedTime } from '../ldap/generalized-time.ts'
import { matches } from '../ldap/match.ts'
import { accountIdOf } from './account-id.ts'
import { hiddenMask } from './people-index/hidden-mask.ts'
import type { IndexedPerson } from './people-index/indexed-person.ts'
import type { PeopleIndex } from './people-index/people-index.ts'
import { personAttributes, personOf } from './person.ts'

/** Fills an index from branches of the directory and keeps it in step. */
export function createPeopleReader(branches: readonly Branch[], visibility: Visibility, index: PeopleIndex) {
  /** The newest modifyTimestamp seen, by the server's own clock; absent until the branch was read once. */
  const readUpTo = new Map<Branch, Date>()

  function take(branch: Branch, entry: Entry): void {
    const { directory } = branch
    if (matches(branch.filter, entry)) index.put(indexedPerson(directory, visibility, entry))
    else index.remove({ directory: directory.name, id: directory.idOf(entry) })
  }

  async function readBranch(branch: Branch, signal: AbortSignal): Promise<void> {
    const { directory, base } = branch
    const attributes = [
      ...personAttributes(directory),
      ...visibility.attributes,
      ...filterAttributes(branch.filter),
      'modifyTimestamp',
    ]
    const since = readUpTo.get(branch)
    const entries =
      since === undefined
        ? directory.list({ base, filter: branch.filter, attributes, signal })
        : // Whoever no longer matches the branch's filter has to be seen too, to be removed.
          directory.changedSince({ base, filter: filter`(objectClass=*)`, attributes, signal }, since)
    let newest = since ?? new Date(0)
    for await (const entry of entries) {
      take(branch, entry)
      const changed = parseGeneralizedTime(first(entry, 'modifyTimestamp') ?? '')
      if (changed !== null && changed > newest) newest = changed
    }
    // Only now: a reading that broke off is done again from where the one before ended.
    readUpTo.set(branch, newest)
  }

  return {
    /** Everyone the first time, then what changed since. Throws Problem `directory-unavailable`. */
    async readChanges(signal: AbortSignal): Promise<void> {
      for (const branch of branches) await readBranch(branch, signal)
    },
    /** Forgets those who are no longer there: a deletion changes no entry that could be read. */
    async forgetDeleted(signal: AbortSignal): Promise<void> {
      const present = new Set<string>()
      for (const { directory, base, filter: condition } of branches) {
        const query = { base, filter: condition, attributes: [directory.idAttribute], signal }
        for await (const entry of directory.list(query)) {
          present.add(accountIdOf({ directory: directory.name, id: directory.idOf(entry) }))
        }
      }
      for (const ref of index.people()) if (!present.has(accountIdOf(ref))) index.remove(ref)
    },
  }
}

function indexedPerson(directory: Directory, visibility: Visibility, entry: Entry): IndexedPerson {
  const person = personOf(directory, entry)
  const fullName = [person.givenName, person.familyName].filter((name) => name !== null).join(' ')
  const listed = (value: string | null | undefined) => (value ? [value] : [])
  return {
    directory: person.directory,
    id: person.id,
    login: person.login,
    names: [person.displayName, fullName, ...listed(first(entry, 'cn'))],
    mail: person.mail,
    phone: person.phone,
    title: listed(person.title),
    department: listed(person.department),
    site: listed(person.site),
    hidden: hiddenMask((audience) => visibility.hiddenFrom(audience, entry)),
  }
}
