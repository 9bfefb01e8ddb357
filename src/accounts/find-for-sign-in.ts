import type { Directory } from '../directory/directory.ts'
import { attr } from '../ldap/attribute-name.ts'
import { text, type Entry } from '../ldap/entry.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { findMatches, type Asked, type Found } from './find-entry.ts'

/**
 * The one person who may sign in by what was typed: login, mail address or another of the directory's `signIn` attributes, `DOMAIN\\login` and
 * `login@domain` of a Windows domain. All branches are asked at once, each by one search. Two people with one name can neither sign in by it.
 */
export async function findForSignIn(
  tenant: Tenant,
  typed: string,
  asked: Asked,
): Promise<Found | 'unknown' | 'ambiguous'> {
  const name = typed.trim()
  if (name === '') return 'unknown'
  const [found, ...others] = await findMatches(tenant.uses.signIn, asked, (directory) =>
    named(directory, name),
  )
  if (found === undefined) return 'unknown'
  return others.length === 0 ? found : 'ambiguous'
}

/** All by which the person of an entry may sign in. The entry must carry the directory's `signIn` attributes. */
export function namesOf({ settings, attributes }: Directory, entry: Entry): string[] {
  const logins = text(entry, attributes.login)
  const ofDomains = settings.domains.flatMap((domain) =>
    logins.flatMap((login) => [`${domain}\\${login}`, `${login}@${domain}`]),
  )
  return [...attributes.signIn.flatMap((attribute) => text(entry, attribute)), ...ofDomains]
}

/** Null where the name is one of a domain that the directory is not. */
function named({ settings, attributes }: Directory, name: string): Filter | null {
  const isOurs = (domain: string) =>
    settings.domains.some((own) => own.toLowerCase() === domain.toLowerCase())
  const byLogin = (login: string) => filter`(${attr(attributes.login)}=${login})`
  const [, before, behind] = /^([^\\]+)\\(.+)$/.exec(name) ?? []
  if (before !== undefined && behind !== undefined) return isOurs(before) ? byLogin(behind) : null
  const filters = attributes.signIn.map((attribute) => filter`(${attr(attribute)}=${name})`)
  const [, login, domain] = /^(.+)@([^@]+)$/.exec(name) ?? []
  // Every account of a domain has this name, also one whose userPrincipalName is another or none.
  if (login !== undefined && domain !== undefined && isOurs(domain)) filters.push(byLogin(login))
  return { type: 'or', filters }
}
