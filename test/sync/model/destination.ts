import { dn, toDn } from '../../../src/ldap/dn.ts'
import { first, text } from '../../../src/ldap/entry.ts'
import type { Connection } from '../../../src/ldap/connection.ts'
import { filter } from '../../../src/ldap/filter.ts'
import { type Held, normal } from './expected.ts'
import { SITES, type Step } from './steps.ts'

const compared = ['uid', 'sn', 'cn', 'mail', 'telephoneNumber', 'title', 'description', 'manager']

/** The branch of a history in a directory: one branch for each site. */
export async function makeBranch(root: Connection, base: string, name: string): Promise<void> {
  await root.add(base, { objectClass: ['organizationalUnit'], ou: [name] })
  for (const site of SITES)
    await root.add(dn`ou=${site},${toDn(base)}`, { objectClass: ['organizationalUnit'], ou: [site] })
}

export async function heldIn(root: Connection, base: string): Promise<Held[]> {
  const { entries } = await root.searchAll({
    base,
    scope: 'sub',
    filter: filter`(objectClass=inetOrgPerson)`,
  })
  return entries.map((entry) => ({
    dn: entry.dn,
    number: first(entry, 'employeeNumber') ?? null,
    values: normal(Object.fromEntries(compared.map((name) => [name.toLowerCase(), text(entry, name)]))),
  }))
}

/** Other hands in the destination: they know nothing of the source. */
export async function meddle(
  root: Connection,
  base: string,
  step: Step,
  freshUid: () => string,
): Promise<void> {
  if (step.type === 'stray') {
    const uid = freshUid()
    const entry = { objectClass: ['inetOrgPerson'], uid: [uid], cn: [uid], sn: ['Stray'] }
    const number = step.who % 3 === 0 ? {} : { employeeNumber: [String(step.who)] }
    await root.add(dn`uid=${uid},ou=${SITES[0]},${toDn(base)}`, { ...entry, ...number })
    return
  }
  if (!('who' in step)) return
  const held = (await heldIn(root, base)).find(({ number }) => number === String(step.who))
  if (held === undefined) return
  if (step.type === 'vanish') await root.delete(held.dn)
  if (step.type === 'move')
    await root.modifyDn(held.dn, { newRdn: dn`uid=${freshUid()}`, deleteOldRdn: true })
  if (step.type === 'meddle') {
    const { attribute, values } = step
    await root.modify(held.dn, [{ operation: 'replace', attribute, values: distinct(values) }])
  }
}

function distinct(values: readonly string[]): string[] {
  return [...new Map(values.map((value) => [value.toLowerCase().replaceAll(/[ -]/g, ''), value])).values()]
}
