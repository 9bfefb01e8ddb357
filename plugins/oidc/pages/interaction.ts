import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors, type Interaction, type Provider } from 'oidc-provider'
import { z } from 'zod'
import { pinIssuer } from '../pin-issuer.ts'
import type { TenantOidc } from '../tenant-oidc.ts'
import { orProblem } from '../try-later.ts'

export type OpenInteraction = { interaction: Interaction; provider: Provider; oidc: TenantOidc }

const paramsSchema = z.object({ uid: z.string() })

/**
 * The interaction of the request's cookie and address; null when it has ended, never was, or belongs to another browser: a form sent without the
 * cookie, or to the address of somebody else's sign-in, would sign a victim in as the attacker.
 */
export async function openInteraction(
  request: FastifyRequest,
  reply: FastifyReply,
  oidc: TenantOidc,
): Promise<OpenInteraction | null> {
  const { provider } = await oidc.running()
  const { uid } = paramsSchema.parse(request.params)
  pinIssuer(request.raw, oidc.tenant.issuer)
  try {
    const interaction = await orProblem(provider.interactionDetails(request.raw, reply.raw))
    return interaction.uid === uid ? { interaction, provider, oidc } : null
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return null
    throw error
  }
}

/** Ends the interaction with a result: the address where the library goes on with it. */
export async function finishInteraction(
  { interaction }: Pick<OpenInteraction, 'interaction'>,
  result: NonNullable<Interaction['result']>,
): Promise<string> {
  interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result }
  await orProblem(interaction.persist())
  return interaction.returnTo
}

/** The application that the person is on their way to. */
export async function applicationOf({ interaction, provider }: OpenInteraction) {
  const { client_id: clientId, redirect_uri: redirectUri, scope } = interaction.params
  const client = typeof clientId === 'string' ? await provider.Client.find(clientId) : undefined
  return {
    clientId: String(clientId),
    name: client?.clientName ?? String(clientId),
    redirectUri: String(redirectUri),
    scopes: typeof scope === 'string' ? scope.split(' ') : [],
  }
}
