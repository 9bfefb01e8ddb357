import type { FastifyRequest } from 'fastify'
import type { Permit } from '../../src/access/permit.ts'
import { actOnAccount, type Act } from '../../src/accounts/act-on-account.ts'
import { finishReset } from '../../src/accounts/finish-reset.ts'
import type { Written } from '../../src/accounts/password/write-everywhere.ts'
import { renameAccount } from '../../src/accounts/rename-account.ts'
import { resetPassword, type Reset, type ResetRequest } from '../../src/accounts/reset-password.ts'
import { setValidity } from '../../src/accounts/set-validity.ts'
import type { ActOutcome, Renamed, Validity } from '../../src/directory/directory.ts'
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

type Said = { login: string; reason?: string | undefined }

/** Sets the dates for who makes the request. See `setValidity` for what it throws. */
export async function doSetValidity(
  services: DeskServices,
  request: FastifyRequest,
  permit: Permit<'account.validity'>,
  { login, reason, validity }: Said & { validity: Validity },
): Promise<ActOutcome> {
  const { visibility } = services.peopleOf(request.tenant)
  const given = { validity, origin: originOf(request), ...(reason !== undefined && { reason }) }
  return await setValidity({ ...services, visibility }, permit, login, given, services.clock())
}

/** Renames the account for who makes the request. See `renameAccount` for what it throws. */
export async function doRename(
  services: DeskServices,
  request: FastifyRequest,
  permit: Permit<'account.rename'>,
  { login, reason, newLogin }: Said & { newLogin: string },
): Promise<Renamed> {
  const { visibility } = services.peopleOf(request.tenant)
  const given = { newLogin, origin: originOf(request), ...(reason !== undefined && { reason }) }
  return await renameAccount({ ...services, visibility }, permit, login, given, services.clock())
}

/** Writes the last new password where it is missing. See `finishReset` for what it throws. */
export async function doFinishReset(
  services: DeskServices,
  request: FastifyRequest,
  permit: Permit<'account.reset'>,
  { login, id }: { login: string; id: string },
): Promise<Written> {
  const { visibility } = services.peopleOf(request.tenant)
  const given = { id, origin: originOf(request) }
  return await finishReset({ ...services, visibility }, permit, login, given, services.clock())
}

/** Resets the password for who makes the request. See `resetPassword` for what it throws. */
export async function doReset(
  services: DeskServices,
  request: FastifyRequest,
  permit: Permit<'account.reset'>,
  login: string,
  reset: Omit<ResetRequest, 'origin'>,
): Promise<Reset> {
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
