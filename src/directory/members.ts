import { toDn } from '../ldap/dn.ts'
import { text, withOptions, type Attribute, type Entry } from '../ldap/entry.ts'
import type { Directory } from './directory.ts'

/** How a group names one member: by DN, or, in a posixGroup, by login. */
export type Member = { dn: string } | { uid: string }

export const memberAttributes = ['member', 'uniqueMember', 'memberUid']

/**
 * All whom a group's entry names, in its order. Active Directory gives 1,500 values of `member` at a time, under the name `member;range=0-1499`
 * (MS-ADTS, 3.1.1.3.1.3.3): the rest is asked for here.
 */
export async function membersOf(directory: Directory, group: Entry): Promise<Member[]> {
  const dns = [...text(group, 'member'), ...(await rangedMembers(directory, group))]
  return [
    ...[...dns, ...text(group, 'uniqueMember')].map((dn) => ({ dn })),
    ...text(group, 'memberUid').map((uid) => ({ uid })),
  ]
}

async function rangedMembers(directory: Directory, group: Entry): Promise<string[]> {
  const dns: string[] = []
  let range = rangeOf(group)
  while (range !== null) {
    dns.push(...(range.attribute.texts ?? range.attribute.values.map((value) => value.toString('utf8'))))
    if (range.next === null) break
    const rest = await directory.read(toDn(group.dn), [`member;range=${range.next}-*`])
    range = rest === null ? null : rangeOf(rest)
  }
  return dns
}

/** `next` is null in the last part, whose name ends in `-*`. */
function rangeOf(group: Entry): { attribute: Attribute; next: number | null } | null {
  for (const attribute of withOptions(group, 'member')) {
    const [, end] = /;range=\d+-(\d+|\*)$/i.exec(attribute.name) ?? []
    if (end !== undefined) return { attribute, next: end === '*' ? null : Number(end) + 1 }
  }
  return null
}
