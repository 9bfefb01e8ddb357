import type { Configuration } from 'oidc-provider'
import type { Person } from '../../src/accounts/person.ts'

/** Scopes that applications may ask for and the claims that each gives (OpenID Connect Core, section 5.4; `groups` is ours). */
export const scopeClaims = {
  openid: ['sub'],
  profile: ['name', 'given_name', 'family_name', 'preferred_username'],
  email: ['email', 'email_verified'],
  phone: ['phone_number'],
  groups: ['groups'],
} as const satisfies NonNullable<Configuration['claims']>

/** A person as an application may know them: visibility rules for the audience `application` applied. */
export type ClaimSource = {
  accountId: string
  /** Null for a person of whom applications know the subject and nothing else. */
  shown: ShownPerson | null
}

export type ShownPerson = {
  person: Person
  isLoginHidden: boolean
  /** Names of the groups the person is in, nested ones included; empty when hidden. Asked only when a client wants them. */
  groups(): Promise<string[]>
}

/** The claims that the scopes give. What the directory does not hold is left out, never null (Core, section 5.3.2). */
export async function claimsOf({ accountId, shown }: ClaimSource, scope: string): Promise<{ sub: string }> {
  if (shown === null) return { sub: accountId }
  const scopes = new Set(scope.split(' '))
  const { person } = shown
  const [email] = person.mail
  const [phone] = person.phone
  return {
    sub: accountId,
    ...(scopes.has('profile') && profileOf(shown)),
    // Addresses come from the organisation's own directory, not from the person.
    ...(scopes.has('email') && email !== undefined && { email, email_verified: true }),
    ...(scopes.has('phone') && phone !== undefined && { phone_number: phone }),
    ...(scopes.has('groups') && { groups: await shown.groups() }),
  }
}

function profileOf({ person, isLoginHidden }: ShownPerson) {
  return {
    name: person.displayName,
    ...(person.givenName !== null && { given_name: person.givenName }),
    ...(person.familyName !== null && { family_name: person.familyName }),
    ...(!isLoginHidden && { preferred_username: person.login }),
  }
}
