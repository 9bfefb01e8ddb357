import { z } from 'zod'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import type { Person } from '../../src/accounts/person.ts'
import type { Group } from '../../src/directory/groups.ts'
import { normalizeDn } from '../../src/ldap/dn.ts'
import { personFields, personFieldsOf } from '../person-fields.ts'
import { path } from '../web/safe-url.ts'

/** Of the routes about one person. */
export const loginParams = z.object({
  login: z.string().describe('The login; `~` and the id for a person whose login is hidden.'),
})

const hidden = 'null when the caller may not see it.'

/** A person as the API shows them. */
export const personSchema = z
  .object({
    id: z.string().describe('Never changes, also when the person is renamed; the `sub` of tokens.'),
    login: z.string().nullable().describe(`What the person signs in with; ${hidden}`),
    dn: z.string().nullable().describe(`Of the entry; ${hidden}`),
    ...personFields,
    manager: z.string().nullable().describe('DN of the manager, when the caller may see them.'),
    photo: z.string().nullable().describe('URL of the photo.'),
  })
  .meta({ id: 'Person' })
export type PersonDocument = z.infer<typeof personSchema>

/** `managers`: those whom the reader may see, by normalised DN; the DN of another one would tell that they exist. */
export function personDocument(
  person: Person,
  issuer: string,
  managers: ReadonlyMap<string, Person>,
): PersonDocument {
  const manager = person.manager === null ? undefined : managers.get(normalizeDn(person.manager))
  return {
    id: accountIdOf(person),
    login: person.login || null,
    dn: person.dn || null,
    ...personFieldsOf(person),
    manager: manager?.dn || null,
    photo: person.hasPhoto ? `${issuer}${path('api', 'v1', 'people', person.handle, 'photo')}` : null,
  }
}

/** A group as the API shows it. */
export const groupSchema = z
  .object({ dn: z.string(), name: z.string(), description: z.string().nullable() })
  .meta({ id: 'Group' })

export function groupDocument({ dn, name, description }: Group): z.infer<typeof groupSchema> {
  return { dn, name, description }
}
