import { formatFilter } from '../../ldap/filter.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Finding } from './finding.ts'
import { quoted } from './fix.ts'
import type { Check, Probe, UsedBase } from './probe.ts'

/** Whether each branch of `uses` exists for the service account, and its filter finds anybody. */
export const usedBases: Check = {
  name: 'used-bases',
  async run(probe) {
    return (await Promise.all(probe.bases.map((used) => look(probe, used)))).flat()
  },
}

async function look({ connection, report, url, account }: Probe, used: UsedBase): Promise<Finding[]> {
  const { use, base, filter } = used
  const text = formatFilter(filter)
  const as = `ldapsearch -x -H ${quoted(url)} -D ${quoted(account)} -W -b ${quoted(base)}`
  if (!(await isThere(connection, base))) return [report('base-missing', { use, base }, `${as} -s base 1.1`)]
  try {
    const { entries } = await connection.searchAll({ base, filter, attributes: ['1.1'], sizeLimit: 1 })
    return entries.length > 0
      ? []
      : [report('base-empty', { use, base, filter: text }, `${as} ${quoted(text)} 1.1`)]
  } catch (error) {
    // Somebody was found, and more than the server gives.
    if (error instanceof LdapError && error.code === resultCode.sizeLimitExceeded) return []
    throw error
  }
}

/** Servers answer a DN that is hidden as one that is not there. */
export async function isThere(connection: Probe['connection'], dn: string): Promise<boolean> {
  try {
    return (await connection.read(dn, { attributes: ['1.1'] })) !== undefined
  } catch (error) {
    if (error instanceof LdapError) return false
    throw error
  }
}
