import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import type { ActOutcome, Validity } from '../directory/directory.ts'
import { Problem } from '../problems/problem.ts'
import { accountIdOf } from './account-id.ts'
import { effective } from './act-on-account.ts'
import { hasStartDate } from './offered-acts.ts'
import type { Account, DeskView } from './read-account.ts'
import type { Sessions } from './sessions.ts'
import { tracedAct, type Given } from './traced-act.ts'

/**
 * Sets from when and until when the account is valid; what is absent stays, null removes, `until` is the first instant that is not valid any
 * more. Whoever is outside then loses their sessions. Throws Problem `invalid-input` (an end before the start; a start for a disabled
 * account, whose closing it would undo), and what every act throws (`actOnAccount`).
 */
export async function setValidity(
  services: DeskView & { trail: Trail; sessions: Sessions },
  permit: Permit<'account.validity'>,
  login: string,
  { validity, ...given }: Given & { validity: Validity },
  now: Date,
): Promise<ActOutcome> {
  return await tracedAct(services, permit, { act: 'validity', login, ...given }, now, async (account) => {
    const { from, until } = wantedValidity(account, validity)
    const outcome = effective(await account.directory.setValidity(account.ref.dn, validity))
    const isOutside = (from && now < from) || (until && now >= until)
    if (isOutside) await services.sessions.endAll(permit.agent.tenant, accountIdOf(account.ref))
    return outcome
  })
}

/** The dates as they will be. */
function wantedValidity({ state, directory }: Account, { from, until }: Validity): Validity {
  const wanted = {
    from: from === undefined ? state.validFrom : from,
    until: until === undefined ? state.validUntil : until,
  }
  if (wanted.from && wanted.until && wanted.from >= wanted.until) throw invalid('until', 'before-start')
  // OpenLDAP's "disabled" is a start that never comes.
  const isStartTaken =
    hasStartDate(directory.kind) && state.conditions.some(({ kind }) => kind === 'disabled')
  if (from !== undefined && isStartTaken) throw invalid('from', 'disabled')
  return { from: wanted.from ?? null, until: wanted.until ?? null }
}

function invalid(field: string, reason: string): Problem {
  return new Problem('invalid-input', { faults: [{ field, reason }] })
}
