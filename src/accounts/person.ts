/** A person in our own words, every attribute map applied. Missing things are null or empty, never undefined. */
export type Person = {
  directory: string
  id: string
  login: string
  dn: string
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
