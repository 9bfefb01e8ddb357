import { z } from 'zod'
import type { Person } from '../src/accounts/person.ts'

/** What every document of a person or an account says of them. */
export const personFields = {
  displayName: z.string(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  mail: z.array(z.string()),
  phone: z.array(z.string()),
  title: z.string().nullable(),
  department: z.string().nullable(),
  site: z.string().nullable(),
}
const fields = z.object(personFields)

/** The values of `personFields`. */
export function personFieldsOf(person: Person): z.infer<typeof fields> {
  const { displayName, givenName, familyName, mail, phone, title, department, site } = person
  return { displayName, givenName, familyName, mail: [...mail], phone: [...phone], title, department, site }
}
