import type { Configuration } from 'oidc-provider'
import { isDurable } from './grants.ts'

/** Seconds. Those of sessions are in the tenant's configuration. */
export const interactionLifetime = 3_600
/** How long a former cookie value is good for requests that were on their way when it changed. */
export const aliasLifetime = 10
const codeLifetime = 60
const accessTokenLifetime = 3_600
const clientCredentialsLifetime = 600
const idTokenLifetime = 3_600
/** A refresh token that nobody uses for so long is dead; each use starts the time anew, up to the absolute end of the family. */
const refreshIdleLifetime = 14 * 86_400
const refreshAbsoluteLifetime = 90 * 86_400

export type SessionLifetime = { idleLifetime: number; absoluteLifetime: number }

/** Seconds that a session lives from `now` when it is not used: it slides with use, never beyond its absolute end. */
export function sessionTtl(
  { idleLifetime, absoluteLifetime }: SessionLifetime,
  loginTs: number | undefined,
  now: number,
): number {
  if (loginTs === undefined) return idleLifetime
  return Math.max(1, Math.min(idleLifetime, loginTs + absoluteLifetime - now))
}

/** `now` gives seconds. */
export function lifetimes(session: SessionLifetime, now: () => number): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: accessTokenLifetime,
    AuthorizationCode: codeLifetime,
    ClientCredentials: clientCredentialsLifetime,
    Grant: (_, { jti }) => (isDurable(jti) ? refreshAbsoluteLifetime : session.absoluteLifetime),
    IdToken: idTokenLifetime,
    Interaction: interactionLifetime,
    RefreshToken: (_, { iiat = now() }) =>
      Math.max(1, Math.min(refreshIdleLifetime, iiat + refreshAbsoluteLifetime - now())),
    Session: (_, { loginTs }) => sessionTtl(session, loginTs, now()),
  }
}
