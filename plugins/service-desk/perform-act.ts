import type { FastifyRequest } from 'fastify'
import { Permit } from '../../src/access/permit.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import type { DeskAct } from '../../src/accounts/reason.ts'
import { targetDocument } from '../password-targets.ts'
import type { ActForm } from './act-form.ts'
import type { ActResult } from './act-results.ts'
import type { DeskServices } from './desk-services.ts'
import { doAct, doRename, doReset, doSetValidity } from './do-act.ts'
import { validityOf } from './validity-days.ts'

/** What came of the act, and the login by which the account is found now. */
export type Performed = { result: ActResult; login: string }

const nothing = { generated: null, mustChange: false, notified: false, targets: [], renamed: null }

/** Does what a form asks for. Throws what the act throws. */
export async function performAct(
  services: DeskServices,
  request: FastifyRequest,
  { act, login, form }: { act: DeskAct; login: string; form: ActForm },
): Promise<Performed> {
  switch (act) {
    case 'reset':
      return { login, result: await reset(services, request, login, form) }
    case 'validity':
      return { login, result: await validity(services, request, login, form) }
    case 'rename':
      return await rename(services, request, login, form)
    case 'unlock':
    case 'enable':
    case 'require-change':
    case 'lock':
    case 'disable': {
      const permit = Permit.for(await request.actor(), `account.${act}`)
      const outcome = await doAct(services, request, permit, { act, login, reason: form.reason })
      return { login, result: { ...nothing, act, changed: outcome === 'done' } }
    }
  }
}

async function reset(
  services: DeskServices,
  request: FastifyRequest,
  login: string,
  { reason, password = '', ...ticked }: ActForm,
): Promise<ActResult> {
  const permit = Permit.for(await request.actor(), 'account.reset')
  const asked = { mustChange: ticked.mustChange === 'on', notify: ticked.notify === 'on', reason }
  const own = password === '' ? {} : { password }
  const { generated, targets } = await doReset(services, request, permit, login, { ...asked, ...own })
  const { mustChange, notify: notified } = asked
  const places = targets.map(targetDocument)
  return { ...nothing, act: 'reset', changed: true, generated, mustChange, notified, targets: places }
}

async function validity(
  services: DeskServices,
  request: FastifyRequest,
  login: string,
  { reason, from, until }: ActForm,
): Promise<ActResult> {
  const permit = Permit.for(await request.actor(), 'account.validity')
  const { state } = await readAccount(services.peopleOf(request.tenant), permit, login, services.clock())
  const typed = { ...(from !== undefined && { from }), ...(until !== undefined && { until }) }
  const asked = { login, reason, validity: validityOf(typed, state) }
  const outcome = await doSetValidity(services, request, permit, asked)
  return { ...nothing, act: 'validity', changed: outcome === 'done' }
}

async function rename(
  services: DeskServices,
  request: FastifyRequest,
  login: string,
  { reason, login: newLogin = '' }: ActForm,
): Promise<Performed> {
  const permit = Permit.for(await request.actor(), 'account.rename')
  const { failed, unsearched } = await doRename(services, request, permit, { login, newLogin, reason })
  const renamed = { from: login, failed: [...failed], unsearched: [...unsearched] }
  return { login: newLogin, result: { ...nothing, act: 'rename', changed: true, renamed } }
}
