import type { Audience, VisibilityRule } from '../config/role-schema.ts'
import { parseFilter, type Filter } from '../ldap/filter.ts'
import type { Entry } from '../ldap/entry.ts'
import { filterAttributes } from '../ldap/filter-attributes.ts'
import { compileFilter } from '../ldap/match.ts'

/** What may be hidden of a person: our words for the attributes. */
export const hideable = [
  'mail',
  'phone',
  'title',
  'department',
  'site',
  'manager',
  'photo',
  'groups',
  'login',
] as const
export type Hideable = (typeof hideable)[number]

/** What an audience does not see of an entry: nothing of it, or some attributes. */
export type Hidden = 'entry' | ReadonlySet<Hideable>

/**
 * The one projection that every read passes: matching, suggestions, cards, photos, vCards, exports, groups, API, claims. Rules only take away;
 * those about a population whose filter cannot be decided for an entry (undefined attribute) apply: when in doubt, hide.
 */
export type Visibility = {
  hiddenFrom(audience: Audience, entry: Entry): Hidden
  /** Attributes that the rules ask about: an entry without them may be judged wrongly, so ask the directory for them. */
  readonly attributes: readonly string[]
}

const NOTHING: ReadonlySet<Hideable> = new Set()

/** The projection that these rules make. Throws LdapSyntaxError for a population that is no filter. */
export function createVisibility(rules: readonly VisibilityRule[]): Visibility {
  const populations = rules.map(({ population }) =>
    population === undefined ? null : parseFilter(population),
  )
  const compiled = rules.map((rule, index) => ({
    ...rule,
    isSurelyOutside: outside(populations[index] ?? null),
  }))
  return {
    attributes: populations.flatMap((population) =>
      population === null ? [] : filterAttributes(population),
    ),
    hiddenFrom(audience, entry) {
      const hidden = new Set<Hideable>()
      for (const rule of compiled) {
        if (!rule.audience.includes(audience) || rule.isSurelyOutside(entry)) continue
        if (rule.hide === 'entry') return 'entry'
        for (const attribute of rule.hide) hidden.add(attribute)
      }
      return hidden.size === 0 ? NOTHING : hidden
    },
  }
}

/** NOT is true only where the filter is decided false: what is undefined counts as inside. */
function outside(population: Filter | null): (entry: Entry) => boolean {
  return population === null ? () => false : compileFilter({ type: 'not', filter: population })
}
