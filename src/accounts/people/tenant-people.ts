import { createVisibility, type Visibility } from '../../access/visibility.ts'
import type { Branch } from '../../directory/branch.ts'
import { formatFilter } from '../../ldap/filter.ts'
import { normalizeDn } from '../../ldap/dn.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { createGroupList, type GroupList } from './group-list.ts'
import { createPeopleSearch, type PeopleSearch } from './people-search.ts'

/** What is kept in memory of one tenant's people and groups, and what may be seen of them. */
export type TenantPeople = {
  search: PeopleSearch
  /** The same one when the service desk looks where the white pages look. */
  deskSearch: PeopleSearch
  visibility: Visibility
  groups: GroupList
  /** Whether `start` is done: before, searches are refused. */
  isStarted(): boolean
  /** Reads everyone and keeps up with the directory; resolves after the first reading, also a failed one. */
  start(): Promise<void>
  close(): void
}

/** Opens no connection before `start`. `onError` is told of each reading that failed. */
export function openPeople(
  tenant: Tenant,
  onError: (error: unknown) => void,
  clock: () => Date = () => new Date(),
): TenantPeople {
  const { uses, config } = tenant
  const { locale } = config
  const visibility = createVisibility(config.whitePages.visibility)
  const shared = { visibility, country: config.whitePages.country, locale, onError }
  const search = createPeopleSearch({ ...shared, branches: uses.whitePages })
  const isSame = placesOf(uses.desk) === placesOf(uses.whitePages)
  const deskSearch = isSame ? search : createPeopleSearch({ ...shared, branches: uses.desk })
  const searches = [...new Set([search, deskSearch])]
  return {
    search,
    deskSearch,
    visibility,
    groups: createGroupList({ branches: uses.groups, locale, clock }),
    isStarted: () => searches.every((one) => one.isStarted()),
    async start() {
      await Promise.all(searches.map((one) => one.start()))
    },
    close() {
      for (const one of searches) one.close()
    },
  }
}

/** The branches as a text that is the same for the same places. */
function placesOf(branches: readonly Branch[]): string {
  const places = branches.map(({ directory, base, filter }) => [
    directory.name,
    normalizeDn(base),
    formatFilter(filter),
  ])
  return JSON.stringify(places.toSorted((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1)))
}
