import type { FastifyRequest } from 'fastify'
import type { Permit } from '../../src/access/permit.ts'
import { actOnAccount, type Act } from '../../src/accounts/act-on-account.ts'
import { resetPassword, type ResetRequest } from '../../src/accounts/reset-password.ts'
import type { ActOutcome } from '../../src/directory/directory.ts'
import { originOf } from '../request-origin.ts'
import type { DeskServices } from './desk-services.ts'

/** Acts on the account for who makes the request; page and API come through here. See `actOnAccount` for what it throws. */
export async function doAct(
  services: DeskServices,
  request: FastifyRequest,
  permit: Permit<`account.${Act}`>,
  { act, login, reason }: { act: Act; login: string; reason?: string | undefined },
): Promise<ActOutcome> {
  const { visibility } = services.peopleOf(request.tenant)
  const given = { origin: originOf(request), ...(reason !== undefined && { reason }) }
  return await actOnAccount({ ...services, visibility }, permit, act, login, given, services.clock())
}

/** Resets the password for who makes the request. See `resetPassword` for what it throws. */
export async function doReset(
  services: DeskServices,
  request: FastifyRequest,
  permit: Permit<'account.reset'>,
  login: string,
  reset: Omit<ResetRequest, 'origin'>,
): Promise<{ generated: string | null }> {
  const { visibility } = services.peopleOf(request.tenant)
  const passwordPolicy = services.passwordPolicyOf(request.tenant)
  return await resetPassword(
    { ...services, visibility, passwordPolicy },
    permit,
    login,
    { ...reset, origin: originOf(request) },
    services.clock(),
  )
}
