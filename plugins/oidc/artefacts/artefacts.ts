import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import type { Queries } from '../../../src/store/postgres.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import { createAccountSessions, type AccountSessions } from './account-sessions.ts'
import { artefactKey } from './artefact-key.ts'
import { createGrants, isDurable, type Grants } from './grants.ts'
import { withoutBearers } from './interaction-artefacts.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { replayDetection } from './replay-detection.ts'
import { createRequestReads } from './request-reads.ts'
import { sessionArtefacts } from './session-artefacts.ts'
import { createSessionGrantClaim, type ClaimSessionGrant } from './session-grant-claim.ts'
import { createSessionStore, type SessionStore } from './session-store.ts'
import { shortLivedArtefacts } from './short-lived-artefacts.ts'
import { failingClosed } from '../try-later.ts'

/** What the provider of a tenant keeps, and where: short-lived things in the ephemeral store, what must last in PostgreSQL. */
export type Artefacts = {
  sessions: SessionStore
  accountSessions: AccountSessions
  grants: Grants
  claimSessionGrant: ClaimSessionGrant
  keyOf(kind: 'AccessToken' | 'ClientCredentials', id: string): string
  /** For the library: the adapter of each of its models. */
  adapter: AdapterFactory
}

export type ArtefactStores = { store: EphemeralStore; database: Queries; clock: () => Date }

/** The artefacts of one tenant. What an outage keeps from answering is told to the library as such (`failingClosed`). */
export function createArtefacts(tenant: Tenant, { store, database, clock }: ArtefactStores): Artefacts {
  const { name, issuer } = tenant
  const { absoluteLifetime } = tenant.config.signIn
  const reads = createRequestReads(store)
  const sessions = createSessionStore(name, { store, reads, pointerTtl: absoluteLifetime })
  const grants = createGrants(name, { store, database, reads })
  const accountSessions = createAccountSessions(name, { store, database, sessions, grants, absoluteLifetime })

  /** The session and the grant that an artefact hangs on: whoever finds the one asks for the others. */
  const alongside = ({ sessionUid, grantId, expiresWithSession }: AdapterPayload): string[] => [
    ...(sessionUid !== undefined && expiresWithSession === true ? [sessions.keyOf(sessionUid)] : []),
    ...(grantId !== undefined && !isDurable(grantId) ? [grants.keyOf(grantId)] : []),
  ]
  const shortLived = (kind: string): Adapter =>
    shortLivedArtefacts({ store, reads, grants, tenant: name, kind, alongside, clock })
  const models: Readonly<Record<string, () => Adapter>> = {
    Session: () => sessionArtefacts({ sessions, accounts: accountSessions, reads, clock }),
    Grant: () => grants,
    RefreshToken: () => refreshTokens({ database, reads, grants, tenant: name, clock }),
    ReplayDetection: () => replayDetection(store, name),
    Interaction: () => withoutBearers(shortLived('Interaction'), (id) => `${issuer}/oauth2/authorize/${id}`),
  }
  return {
    sessions,
    accountSessions,
    grants,
    claimSessionGrant: createSessionGrantClaim(name, {
      store,
      isAlive: async (id) => Boolean(await grants.find(id)),
    }),
    keyOf: (kind, id) => artefactKey(name, kind, id),
    adapter: (model) => failingClosed(models[model]?.() ?? shortLived(model)),
  }
}
