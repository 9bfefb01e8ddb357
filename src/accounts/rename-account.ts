import { z } from 'zod'
import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import type { Renamed } from '../directory/directory.ts'
import { rdnOf, toDn } from '../ldap/dn.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import { accountIdOf } from './account-id.ts'
import { isLoginTaken } from './is-login-taken.ts'
import type { Account, DeskView } from './read-account.ts'
import { eventOf, personParty } from './trace.ts'
import { tracedAct, type Given } from './traced-act.ts'

type Services = DeskView & { trail: Trail; ephemeral: EphemeralStore }

/** Seconds in which a rename that did not come to its end can be brought there. */
const UNFINISHED = 86_400

/**
 * Gives the account another login; where it is the entry's RDN too, repairs what holds the DN. The same again, also by the old login, goes on
 * where it stopped. Sessions go on: the account's id stays. Throws Problem `conflict` (taken), `not-supported` (the login is one of several parts of the RDN),
 * `invalid-input`, and what every act throws.
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
  const begun = await findBegun(ephemeral, key)
  const goesOn = begun !== null && !(await isLoginTaken(tenant, login))
  const act = { act: 'rename' as const, login: goesOn ? newLogin : login, ...given }
  return await tracedAct(services, permit, act, now, async (account) => {
    const { directory, ref } = account
    const id = accountIdOf(ref)
    if (goesOn && id !== begun.id) throw new Problem('not-found')
    if (newLogin === login && !goesOn) return { dn: ref.dn, repaired: [], failed: [] }
    const place = placeOfLogin(account)
    if (place === 'part-of-rdn') throw new Problem('not-supported')
    if (await isLoginTaken(tenant, newLogin, id)) throw taken()
    if (place === 'elsewhere') {
      await directory.changeLogin(ref.dn, { from: ref.login, to: newLogin }).catch(sayTaken)
      return { dn: ref.dn, repaired: [], failed: [] }
    }
    const dn = goesOn ? toDn(begun.dn) : ref.dn
    await ephemeral.set(key, JSON.stringify({ id, dn } satisfies Begun), UNFINISHED)
    const rdn = { attribute: directory.attributes.login, value: newLogin }
    const renamed = await directory.rename(dn, { rdn }).catch(sayTaken)
    if (renamed.failed.length === 0) await ephemeral.delete(key)
    else await services.trail.record({ ...incomplete(permit, account, given), time: now })
    return renamed
  })
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
  throw error instanceof Problem && error.code === 'conflict' ? taken(error) : error
}

const begunSchema = z.object({ id: z.string(), dn: z.string() })
type Begun = z.infer<typeof begunSchema>

/** Only what was begun is gone on with: else the groups of somebody who is gone could be given to anybody by "renaming". */
async function findBegun(ephemeral: EphemeralStore, key: string): Promise<Begun | null> {
  const kept = await ephemeral.get(key)
  return kept === null ? null : begunSchema.parse(JSON.parse(kept))
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
