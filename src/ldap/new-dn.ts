import { formatDn, formatRdn, parseDn } from './dn.ts'
import type { NewDn } from './operations.ts'

/** What a ModifyDN is given to bring an entry from one DN to another; the superior is named only when it is another one. Throws LdapSyntaxError. */
export function newDn(from: string, to: string): NewDn & { readonly deleteOldRdn: true } {
  const [rdn = [], ...parent] = parseDn(to)
  const [, ...parentNow] = parseDn(from)
  const newSuperior = formatDn(parent)
  const moved = newSuperior === formatDn(parentNow) ? {} : { newSuperior }
  return { newRdn: formatRdn(rdn), deleteOldRdn: true, ...moved }
}
