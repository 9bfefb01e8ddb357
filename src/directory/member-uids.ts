import { text } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import type { Operations } from '../ldap/operations.ts'
import { Problem } from '../problems/problem.ts'
import type { Repaired } from './directory.ts'
import { isNotForUs } from './not-for-us.ts'
import { repairEntries } from './repair-entries.ts'

const NAME = 'memberUid'

/** Only this attribute is what `memberUid` of a posixGroup holds (RFC 2307). */
export function isUid(attribute: string): boolean {
  return attribute.toLowerCase() === 'uid'
}

/** Throws Problem `conflict` when a group names the login already: whoever got it would be in that group. */
export async function refuseInherited(
  pool: Operations,
  contexts: readonly string[],
  login: string,
): Promise<void> {
  for (const base of contexts) {
    const group = await groupNaming(pool, base, login)
    if (group === null) continue
    const params = { group }
    throw new Problem('conflict', { faults: [{ field: 'login', reason: 'login-in-group', params }] })
  }
}

async function groupNaming(pool: Operations, base: string, login: string): Promise<string | null> {
  try {
    const query = { base, filter: filter`(memberUid=${login})`, attributes: ['1.1'] } as const
    for await (const { dn } of pool.search(query)) return dn
  } catch (error) {
    if (!isNotForUs(error)) throw error
  }
  return null
}

/** Puts the new login in place of the old one in every group that names it. */
export async function repairMemberUids(
  pool: Operations,
  contexts: readonly string[],
  { from, to }: { from: string; to: string },
): Promise<Repaired> {
  return await repairEntries(pool, {
    contexts,
    filters: [filter`(memberUid=${from})`],
    attributes: [NAME],
    changesOf(group) {
      const uids = text(group, NAME)
      if (from === to || !uids.includes(from)) return []
      return [
        { operation: 'delete', attribute: NAME, values: [from] },
        ...(uids.includes(to) ? [] : [{ operation: 'add' as const, attribute: NAME, values: [to] }]),
      ]
    },
  })
}
