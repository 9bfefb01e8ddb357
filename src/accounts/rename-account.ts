import { z } from 'zod'
import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import type { Renamed } from '../directory/directory.ts'
import { nothingToRepair } from '../directory/repair-entries.ts'
import { rdnOf, toDn } from '../ldap/dn.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import { accountIdOf } from './account-id.ts'
import { isLoginTaken } from './is-login-taken.ts'
import type { Account, DeskView } from './read-account.ts'
import { refuseLinked } from './refuse-linked.ts'
import { eventOf, personParty } from './trace.ts'
import { tracedAct, type Given } from './traced-act.ts'

type Services = DeskView & { trail: Trail; ephemeral: EphemeralStore }

/** Seconds in which a rename that did not come to its end can be brought there. */
const UNFINISHED = 86_400

/**
 * Gives the account another login, and repairs what holds the old name. The same again, also by the old login, goes on where it stopped. Sessions go on: the
 * account's id stays. Throws Problem `conflict` (taken, named by a group, or common with an account of a directory that shares passwords), `not-supported`
 * (the login is one of several parts of the RDN), `invalid-input`, and what every act throws. Once the account has its new login nothing is thrown any
 * more: what is missing is in the answer.
 */
export async function renameAccount(
  services: Services,
  permit: Permit<'account.rename'>,
  login: string,
  { newLogin, ...given }: Given & { newLogin: string },
  now: Date,
): Promise<Renamed> {
  if (!loginForm.test(newLogin)) throw invalid('login')
  const { tenant } = permit.agent
  const { ephemeral } = services
  const key = `rename:${tenant.name}:${JSON.stringify([login, newLogin])}`
  const found = await findBegun(ephemeral, key)
  const begun = found !== null && !(await isLoginTaken(tenant, login)) ? found : null
  const act = {
    act: 'rename' as const,
    login: begun ? newLogin : login,
    ...given,
    ...reasonSaid(given, begun),
  }
  return await tracedAct(services, permit, act, now, async (account) => {
    const { ref } = account
    const id = accountIdOf(ref)
    if (begun !== null && id !== begun.id) throw new Problem('not-found')
    if (newLogin === login && begun === null) return { dn: ref.dn, ...nothingToRepair }
    if (placeOfLogin(account) === 'part-of-rdn') throw new Problem('not-supported')
    if (await isLoginTaken(tenant, newLogin, id)) throw taken()
    if (begun === null) await refuseLinked(tenant, account, newLogin)
    const from = begun ?? { id, dn: ref.dn, login: ref.login, ...reasonSaid(given, null) }
    await ephemeral.set(key, JSON.stringify(from), UNFINISHED)
    const renamed = await write(account, from, newLogin).catch(sayTaken)
    // What cannot be noted now must not hide that the login is new.
    if (isComplete(renamed)) await ephemeral.delete(key).catch(() => {})
    else await services.trail.record({ ...incomplete(permit, account, given), time: now }).catch(() => {})
    return renamed
  })
}

/** Whether nothing holds the old name any more, as far as the service account can see. */
export function isComplete({ failed, unsearched }: Renamed): boolean {
  return failed.length === 0 && unsearched.length === 0
}

async function write(account: Account, from: Begun, newLogin: string): Promise<Renamed> {
  const { directory, ref } = account
  if (placeOfLogin(account) === 'elsewhere')
    return { dn: ref.dn, ...(await directory.changeLogin(ref.dn, { from: from.login, to: newLogin })) }
  return await directory.rename(toDn(from.dn), {
    rdn: { attribute: directory.attributes.login, value: newLogin },
  })
}

/** Whoever goes on need not say again why. */
function reasonSaid({ reason }: Given, begun: Begun | null): { reason?: string } {
  const said = reason === undefined || reason.trim() === '' ? begun?.reason : reason
  return said === undefined ? {} : { reason: said }
}

/** The name is new, but the act is not all done. */
function incomplete({ agent }: Permit, { ref }: Account, { origin }: Given) {
  const target = personParty(ref)
  return {
    ...eventOf(agent, origin),
    action: 'account.rename',
    target,
    result: 'failed',
    code: 'incomplete',
  } as const
}

/** Logins stand in addresses, in DNs and in what people say on the phone. */
const loginForm = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u

/** What names the field, for people who fill it in. */
function invalid(reason: string): Problem {
  return new Problem('invalid-input', { faults: [{ field: 'login', reason }] })
}

function taken(cause?: unknown): Problem {
  return new Problem('conflict', { faults: [{ field: 'login', reason: 'login-taken' }], cause })
}

/** The directory knows of entries that are nobody's whom we look after. */
function sayTaken(error: unknown): never {
  const isUnsaid = error instanceof Problem && error.code === 'conflict' && error.faults.length === 0
  throw isUnsaid ? taken(error) : error
}

/** The account by its id, and as it was named before. */
const begunSchema = z.object({
  id: z.string(),
  dn: z.string(),
  login: z.string(),
  reason: z.string().optional(),
})
type Begun = Omit<z.infer<typeof begunSchema>, 'reason'> & { reason?: string }

/** Only what was begun is gone on with: else the groups of somebody who is gone could be given to anybody by "renaming". */
async function findBegun(ephemeral: EphemeralStore, key: string): Promise<Begun | null> {
  const kept = await ephemeral.get(key)
  if (kept === null) return null
  const { reason, ...begun } = begunSchema.parse(JSON.parse(kept))
  return { ...begun, ...(reason !== undefined && { reason }) }
}

/** Whether the login is the entry's RDN, so that a rename changes the DN. */
export function placeOfLogin({
  directory,
  ref,
}: Pick<Account, 'directory' | 'ref'>): 'rdn' | 'part-of-rdn' | 'elsewhere' {
  const login = directory.attributes.login.toLowerCase()
  const names = rdnOf(ref.dn).map(({ attribute }) => attribute.toLowerCase())
  if (!names.includes(login)) return 'elsewhere'
  return names.length === 1 ? 'rdn' : 'part-of-rdn'
}
