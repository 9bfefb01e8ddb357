import { attr } from '../ldap/attribute-name.ts'
import { normalizeDn } from '../ldap/dn.ts'
import { text } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import type { Operations } from '../ldap/operations.ts'
import { LdapSyntaxError } from '../ldap/syntax-error.ts'
import { isNotForUs } from './not-for-us.ts'
import { namingContexts } from './naming-contexts.ts'
import type { DirectorySettings } from './settings.ts'

/** Rights and overlays change rarely; a wrong "no" only keeps a remark from being made. */
const KEPT_MS = 5 * 60_000

export type Seen = (attribute: string) => Promise<boolean>

/**
 * Whether the service account demonstrably sees values of an attribute in people's entries: only then does an entry without it say
 * anything. One search, remembered for minutes. Its own entry does not count: its own password it may often read.
 */
export function createSeen(
  pool: Operations,
  settings: Pick<DirectorySettings, 'bind' | 'personClasses'>,
  clock: () => Date,
): Seen {
  const kept = new Map<string, { answer: Promise<boolean>; until: number }>()
  return (attribute) => {
    const known = kept.get(attribute)
    const now = clock().getTime()
    if (known !== undefined && known.until > now) return known.answer
    const answer = isSeen(pool, settings, attribute)
    kept.set(attribute, { answer, until: now + KEPT_MS })
    // A failed search is not an answer to keep.
    answer.catch(() => kept.delete(attribute))
    return answer
  }
}

async function isSeen(
  pool: Operations,
  { bind, personClasses }: Pick<DirectorySettings, 'bind' | 'personClasses'>,
  attribute: string,
): Promise<boolean> {
  const classes = personClasses.map((name) => filter`(objectClass=${name})`)
  const query = {
    filter: filter`(&(|${classes})(${attr(attribute)}=*))`,
    attributes: [attribute],
    sizeLimit: 2,
  }
  const isOwn = sameAs('dn' in bind ? bind.dn : '')
  for (const base of await namingContexts(pool)) {
    try {
      const { entries } = await pool.searchAll({ ...query, base })
      if (entries.some((entry) => text(entry, attribute).length > 0 && !isOwn(entry.dn))) return true
    } catch (error) {
      // It may not look into that one.
      if (!isNotForUs(error)) throw error
    }
  }
  return false
}

/** Active Directory takes more than DNs to bind as (`app@acme.example`, `ACME\\app`), by which no entry is known. */
function sameAs(own: string): (dn: string) => boolean {
  try {
    const key = normalizeDn(own)
    return (dn) => normalizeDn(dn) === key
  } catch (error) {
    if (!(error instanceof LdapSyntaxError)) throw error
    return () => false
  }
}
