import { z } from 'zod'
import { apiScopes, type ApiScope } from '../../src/config/permission.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import type { TokenSubject } from '../session.ts'
import type { Artefacts } from './artefacts/artefacts.ts'
import { readDocument } from './artefacts/session-document.ts'

const tokenSchema = z.object({
  exp: z.number(),
  clientId: z.string(),
  scope: z.string().default(''),
  accountId: z.string().optional(),
  grantId: z.string().optional(),
  sessionUid: z.string().optional(),
  expiresWithSession: z.boolean().default(false),
})
type Token = z.infer<typeof tokenSchema>

/** What an access token stands for; null when it is unknown, expired, revoked, or its session has ended. One or two reads of the store. */
export async function findTokenSubject(
  token: string,
  artefacts: Artefacts,
  { store, clock }: { store: EphemeralStore; clock: () => Date },
): Promise<TokenSubject | null> {
  const keys = [artefacts.keyOf('AccessToken', token), artefacts.keyOf('ClientCredentials', token)]
  const [access = null, credentials = null] = await store.getMany(keys)
  const stored = access ?? credentials
  if (stored === null) return null
  const found = tokenSchema.parse(JSON.parse(stored))
  const { clientId: client, accountId, exp } = found
  if (exp * 1000 <= clock().getTime()) return null
  const scopes = apiScopesOf(found)
  if (access === null) return { kind: 'client', client, scopes }
  if (accountId === undefined || !(await isAlive(found, artefacts, store))) return null
  return { kind: 'person', accountId, client, scopes }
}

/** A token lives as long as its grant and, when it is bound to one, its session. */
async function isAlive(token: Token, artefacts: Artefacts, store: EphemeralStore): Promise<boolean> {
  const { grantId, sessionUid, expiresWithSession, accountId, clientId } = token
  if (grantId === undefined) return false
  if (expiresWithSession) {
    const stored = await store.get(artefacts.sessions.keyOf(sessionUid ?? ''))
    const session = stored === null ? null : readDocument(stored).payload
    if (session?.accountId !== accountId || session?.authorizations?.[clientId]?.grantId !== grantId)
      return false
  }
  const grant = await artefacts.grants.find(grantId)
  return grant ? grant.accountId === accountId && grant.clientId === clientId : false
}

function apiScopesOf({ scope }: Token): ReadonlySet<ApiScope> {
  const granted = new Set(scope.split(' '))
  return new Set(apiScopes.filter((name) => granted.has(name)))
}
