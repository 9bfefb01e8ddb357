import type { EventEmitter } from 'node:events'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { AuditAction, AuditEvent, AuditParty } from '../../src/audit/event.ts'
import { z } from 'zod'
import { auditPartyOf } from './account-party.ts'
import { notedOriginOf } from './noted-request.ts'

/** Where the events of a provider go. Neither throws. */
export type EventTrail = {
  tenant: string
  record(event: AuditEvent): void
  /** A fault of ours or of a server that we need. */
  logError(error: unknown, requestId: string): void
  clock: () => Date
}

const reuse: Readonly<Record<string, AuditAction>> = {
  'refresh token already used': 'token.refresh-reuse',
  'authorization code already consumed': 'token.code-reuse',
  'AuthorizationCode already consumed': 'token.code-reuse',
}

const seenSchema = z.object({ accountId: z.string() })

/** Notes what a library tells by events only: reuse of tokens, codes without PKCE, its own faults. */
export function noteEvents(provider: Provider, trail: EventTrail): void {
  const koa: EventEmitter = provider
  koa.on('error', (error) => trail.logError(error, ''))
  provider.on('server_error', (ctx, error) => trail.logError(error, notedOriginOf(ctx.req).requestId))
  provider.on('grant.error', (ctx, { error_detail: detail = '' }) => {
    const action = reuse[detail]
    if (action !== undefined) trail.record({ ...eventOf(ctx, trail), action, result: 'refused' })
  })
  provider.on('grant.success', (ctx) => {
    const { params, authorizationCode } = ctx.oidc
    if (params?.['grant_type'] !== 'authorization_code' || authorizationCode?.codeChallenge !== undefined)
      return
    trail.record({ ...eventOf(ctx, trail), action: 'token.issue', result: 'done', code: 'without-pkce' })
  })
}

function eventOf(
  ctx: KoaContextWithOIDC,
  { tenant, clock }: EventTrail,
): Omit<AuditEvent, 'action' | 'result'> {
  const { client, refreshToken, entities } = ctx.oidc
  const clientId = client?.clientId ?? ''
  const code = seenSchema.safeParse(entities['SeenAuthorizationCode'])
  const subject = code.data?.accountId ?? refreshToken?.accountId
  const actor: AuditParty = { kind: 'client', id: clientId }
  const target = subject === undefined ? undefined : auditPartyOf(subject)
  return {
    tenant,
    time: clock(),
    actor,
    client: clientId,
    ...(target && { target }),
    ...notedOriginOf(ctx.req),
  }
}
