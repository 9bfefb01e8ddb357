import type { PersonRef } from '../../access/actor.ts'
import type { DirectoryConfig } from '../../config/directory-schema.ts'
import type { Directory } from '../../directory/directory.ts'
import { attr } from '../../ldap/attribute-name.ts'
import { toDn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { Problem } from '../../problems/problem.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { personRefOf } from '../person.ts'

/** An entry that holds a password of the person. */
export type Place = { directory: Directory; ref: PersonRef; entry: Entry }

type PassThrough = DirectoryConfig['passwords']['passThrough'][number]
type AlsoIn = DirectoryConfig['passwords']['alsoIn'][number]

/** What must be read of an entry to know where its password is, and to write one. */
export function passwordAttributes({ stateAttributes, settings }: Directory): string[] {
  return [...stateAttributes, 'objectClass', ...settings.passwords.alsoIn.map(({ from }) => from)]
}

/**
 * Where the password is by which the person signs in: the account's own entry, or the one that its `{SASL}name@realm` stands for. Throws
 * Problem `password-elsewhere` when the rules lead to no entry, or to several.
 */
export async function primaryPlace(tenant: Tenant, account: Place, now: Date): Promise<Place> {
  const { directory, entry } = account
  const { conditions } = await directory.accountState(entry, now)
  const elsewhere = conditions.find(({ kind }) => kind === 'password-elsewhere')
  if (elsewhere?.kind !== 'password-elsewhere') return account
  const { identity } = elsewhere
  const name = identity.slice(0, nameLength(identity))
  const rules = passThroughRules(directory, identity)
  const places = (await Promise.all(rules.map((rule) => placesBy(tenant, rule, name)))).flat()
  const [place, ...others] = places
  if (place === undefined || others.length > 0) throw new Problem('password-elsewhere')
  return place
}

/** The rules that say where the password of `name@realm` is. */
export function passThroughRules({ settings }: Directory, identity: string): PassThrough[] {
  const realm = identity.slice(nameLength(identity) + 1).toLowerCase()
  return settings.passwords.passThrough.filter((rule) => (rule.realm?.toLowerCase() ?? realm) === realm)
}

/** Mail addresses are names too: the realm is behind the last `@`. */
function nameLength(identity: string): number {
  const at = identity.lastIndexOf('@')
  return at < 0 ? identity.length : at
}

/** The entry in another directory that has a password of its own. Null when the person has none there; Problem `conflict` for several. */
export async function furtherPlace(tenant: Tenant, { entry }: Place, rule: AlsoIn): Promise<Place | null> {
  const name = first(entry, rule.from)
  if (name === undefined) return null
  const [place, ...others] = await placesBy(tenant, rule, name)
  if (others.length > 0) throw new Problem('conflict')
  return place ?? null
}

/** The entries there that a name leads to, two at most. */
export async function placesBy(
  tenant: Tenant,
  { directory: named, base, attribute }: Omit<AlsoIn, 'from'>,
  name: string,
): Promise<Place[]> {
  const directory = tenant.directories.get(named)
  // `check` refuses such a configuration.
  if (directory === undefined || name === '') return []
  const { entries } = await directory.find({
    base: toDn(base),
    filter: filter`(&${directory.people}(${attr(attribute)}=${name}))`,
    attributes: [directory.idAttribute, directory.attributes.login, ...passwordAttributes(directory)],
    limit: 2,
  })
  return entries.map((entry) => ({ directory, ref: personRefOf(directory, entry), entry }))
}
