import type { Configuration, Grant } from 'oidc-provider'

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

/** `now` gives seconds. What is bound to a session is kept no longer than that can live. */
export function lifetimes(session: SessionLifetime, now: () => number): NonNullable<Configuration['ttl']> {
  const refreshLifetime = (firstIssued: number) =>
    Math.max(1, Math.min(refreshIdleLifetime, firstIssued + refreshAbsoluteLifetime - now()))
  return {
    AccessToken: accessTokenLifetime,
    AuthorizationCode: codeLifetime,
    ClientCredentials: clientCredentialsLifetime,
    Grant: (_, grant) => (isLasting(grant) ? refreshAbsoluteLifetime : session.absoluteLifetime),
    IdToken: idTokenLifetime,
    Interaction: interactionLifetime,
    RefreshToken: (_, { iiat = now(), expiresWithSession = false }) =>
      expiresWithSession ? session.absoluteLifetime : refreshLifetime(iiat),
    Session: (_, { loginTs }) => sessionTtl(session, loginTs, now()),
  }
}

function isLasting(grant: Grant): boolean {
  return grant.getOIDCScope().split(' ').includes('offline_access')
}
