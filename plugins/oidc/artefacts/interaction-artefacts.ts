import type { Adapter, AdapterPayload } from 'oidc-provider'

/** Keeps out of the store what would open a session or the interaction itself: the cookie values that the library writes into it. */
export function withoutBearers(artefacts: Adapter, resumeUrl: (id: string) => string): Adapter {
  return {
    ...artefacts,
    async upsert(id, payload, expiresIn) {
      const { returnTo: _, session, ...rest } = payload
      await artefacts.upsert(
        id,
        session === undefined ? rest : { ...rest, session: withoutCookie(session) },
        expiresIn,
      )
    },
    async find(id) {
      const payload = await artefacts.find(id)
      return payload ? { ...payload, returnTo: resumeUrl(id) } : undefined
    },
  }
}

function withoutCookie({ cookie: _, ...session }: NonNullable<AdapterPayload['session']>) {
  return session
}
