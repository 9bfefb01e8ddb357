import type { DirectoryKind } from '../config/directory-schema.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Filter } from '../ldap/filter.ts'
import type { Pool } from '../ldap/pool.ts'
import type { Directory } from './directory.ts'
import type { DirectorySettings } from './settings.ts'

/** What differs between the products. Each is a folder with files of the same names, so that they can be read side by side. */
export type Flavour = {
  readonly kind: DirectoryKind
  readonly idAttribute: string
  idOf(entry: Entry): string
  idFilter(id: string): Filter
  readonly stateAttributes: readonly string[]
  /** Attributes with equal values on a primary and its replica once an entry's last write has arrived there. */
  readonly writeMarks: readonly string[]
  /** Attribute of the time of an entry's last change. */
  readonly changedAttribute: string
  /** How that time is written in a filter, where it is not in whole seconds (`20261125074825Z`). */
  timeInFilter?(time: Date): string
  /** What a person's entry must be beside one of `personClasses`. */
  readonly notPeople?: Filter
  /** The methods that differ, over connections of the service account. */
  open(pool: Pool, settings: DirectorySettings): FlavourMethods
}

export type FlavourMethods = Pick<
  Directory,
  | 'accountState'
  | 'stateFilter'
  | 'unseenStates'
  | 'verifyPassword'
  | 'setPassword'
  | 'changePassword'
  | 'unlock'
  | 'lock'
  | 'disable'
  | 'enable'
  | 'requireChange'
  | 'setValidity'
  | 'passwordRules'
>
