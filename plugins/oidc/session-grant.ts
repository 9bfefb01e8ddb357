import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { ClientConfig } from '../../src/config/client-schema.ts'
import { portalClientId } from './clients.ts'
import type { Artefacts } from './artefacts/artefacts.ts'
import type { Consents } from './artefacts/consents.ts'
import { newGrantId } from './artefacts/grants.ts'
import { orTryLater } from './try-later.ts'

export type SessionGrantOptions = {
  claim: Artefacts['claimSessionGrant']
  consents: Consents
  clients: ReadonlyMap<string, ClientConfig>
}

/**
 * The grant of this client in this session, minted from what the person consented to once and for all; undefined when they have to be asked.
 * Never one grant for several sessions: signing out in one browser revokes it, and would silence every other device.
 */
export async function loadSessionGrant(
  ctx: KoaContextWithOIDC,
  { claim, consents, clients }: SessionGrantOptions,
): Promise<Grant | undefined> {
  const { client, account, provider, session } = ctx.oidc
  if (client === undefined || account === undefined || session === undefined) return undefined
  const { clientId } = client
  const wanted = ctx.oidc.requestParamOIDCScopes
  const grantId = session.grantIdFor(clientId)
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  if (existing !== undefined && covers(existing, wanted)) return existing

  const config = clients.get(clientId)
  const isAllowed =
    clientId === portalClientId ||
    config?.consent === 'implied' ||
    wanted.isSubsetOf(await orTryLater(consents.find(account.accountId, clientId)))
  if (!isAllowed) return existing

  const grant = existing ?? new provider.Grant({ accountId: account.accountId, clientId })
  grant.addOIDCScope(wanted)
  // The portal gets no token, so that nothing ever asks for its grant.
  if (clientId === portalClientId) return grant
  // A grant that now lasts longer than sessions gets its time anew.
  grant.exp = undefined
  if (existing === undefined)
    grant.jti = newGrantId({ durable: config?.grants.includes('refresh_token') === true })
  await grant.save()
  if (existing !== undefined) return grant
  const agreed = await orTryLater(claim(session.uid, clientId, grant.jti))
  return agreed === grant.jti ? grant : await provider.Grant.find(agreed)
}

function covers(grant: Grant, wanted: ReadonlySet<string>): boolean {
  return wanted.isSubsetOf(new Set(grant.getOIDCScope().split(' ')))
}
