import type { Visibility } from '../../access/visibility.ts'
import type { Branch } from '../../directory/branch.ts'
import type { Directory } from '../../directory/directory.ts'
import { attr } from '../../ldap/attribute-name.ts'
import { first } from '../../ldap/entry.ts'
import { filter, type Filter } from '../../ldap/filter.ts'
import { filterAttributes } from '../../ldap/filter-attributes.ts'
import { parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import { accountIdOf } from '../account-id.ts'
import { createPeopleKeeper } from './people-keeper.ts'
import type { PeopleIndex } from './people-index/people-index.ts'
import { personAttributes } from '../person.ts'

/** A replica may show a change this much after the time that it carries; then nobody would look there again. */
const LATE_MS = 300_000

/** The newest modifyTimestamp seen, by the server's own clock, and whether nobody can be changed in that second any more. */
type ReadUpTo = { newest: Date; isOver: boolean }

/** Fills an index from branches of the directory and keeps it in step. */
export function createPeopleReader(branches: readonly Branch[], visibility: Visibility, index: PeopleIndex) {
  const keeper = createPeopleKeeper(branches, visibility, index)
  /** Absent until the branch was read once. */
  const readUpTo = new Map<Branch, ReadUpTo>()

  function attributesOf(directory: Directory): string[] {
    const filters = branches.filter((branch) => branch.directory === directory).map((branch) => branch.filter)
    const asked = filters.flatMap(filterAttributes)
    return [
      ...new Set([...personAttributes(directory), ...visibility.attributes, ...asked, 'modifyTimestamp']),
    ]
  }

  async function readBranch(branch: Branch, lateMs: number, signal: AbortSignal): Promise<void> {
    const { directory, base } = branch
    const known = readUpTo.get(branch)
    const since = known && startOf(known, lateMs)
    const entriesOf = (condition: Filter, attributes: readonly string[]) => {
      const query = { base, filter: condition, attributes, signal }
      return since === undefined ? directory.list(query) : directory.changedSince(query, since)
    }
    // Whoever no longer matches the branch's filter has to be seen too, to be removed.
    const condition = since === undefined ? branch.filter : filter`(objectClass=*)`
    // The filter says who has a photo: asking for the attribute would bring the pictures.
    const withPhoto = new Set<string>()
    const photo = attr(directory.attributes.photo)
    for await (const entry of entriesOf(filter`(&${condition}(${photo}=*))`, [directory.idAttribute])) {
      withPhoto.add(directory.idOf(entry))
    }
    let newest = known?.newest ?? new Date(0)
    for await (const entry of entriesOf(condition, attributesOf(directory))) {
      keeper.take(directory, entry, withPhoto.has(directory.idOf(entry)))
      const changed = parseGeneralizedTime(first(entry, 'modifyTimestamp') ?? '')
      if (changed !== null && changed > newest) newest = changed
    }
    // Only now: a reading that broke off is done again from where the one before ended.
    // After a bulk load everyone carries the same second: it is read once more, when it is over, and not for ever.
    readUpTo.set(branch, { newest, isOver: newest === known?.newest })
  }

  return {
    /**
     * Everyone the first time, then what changed since; a second or more must lie between two readings. `late`: also what changed some minutes
     * before that. Throws Problem `directory-unavailable`.
     */
    async readChanges({ late, signal }: { late: boolean; signal: AbortSignal }): Promise<void> {
      for (const branch of branches) await readBranch(branch, late ? LATE_MS : 0, signal)
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
      keeper.keepOnly(present)
    },
    hasPhoto: keeper.hasPhoto,
  }
}

function startOf({ newest, isOver }: ReadUpTo, lateMs: number): Date {
  if (lateMs > 0) return new Date(newest.getTime() - lateMs)
  return isOver ? new Date(newest.getTime() + 1_000) : newest
}
