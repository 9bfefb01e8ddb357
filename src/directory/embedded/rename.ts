import { formatDn, formatRdn, isKeyWithin, parseDn, type Rdn } from '../../ldap/dn.ts'
import type { Attribute, Entry } from '../../ldap/entry.ts'
import type { Schema } from '../../ldap/schema.ts'
import type { ModifyDnRequest } from '../../ldap/update-message.ts'
import { type Reader, requireWriter } from './access.ts'
import { checkClasses } from './check-classes.ts'
import { checkValues, valueKey, writableType } from './check-values.ts'
import { differences, withAttributes } from './differences.ts'
import { repairReferences } from './references.ts'
import { Refusal } from './refusal.ts'
import { stampChanged } from './stamp.ts'
import { readDn, requireNode, type State } from './state.ts'
import type { Node } from './tree.ts'
import { checkUnique } from './unique.ts'

/** Renames or moves an entry with all below it (RFC 4511, 4.9); groups and managers follow. Gives its new DN. */
export async function rename(state: State, actor: Reader, request: ModifyDnRequest): Promise<string> {
  requireWriter(actor)
  const { tree } = state
  const node = requireNode(tree, request.dn)
  const [rdn, ...more] = readDn(request.newRdn)
  if (!rdn || more.length > 0) throw new Refusal('invalidDNSyntax', 'invalid new RDN')
  const superior = superiorOf(state, node, request.newSuperior)
  const target = [rdn, ...parseDn(superior)]
  const existing = tree.find(tree.keyOf(target))
  if (existing && existing !== node) throw new Refusal('entryAlreadyExists')
  const renamed = withNaming(tree.schema, node.entry, rdn, request.deleteOldRdn)
  checkClasses(tree.schema, renamed)
  checkUnique(tree, renamed, node)
  const after = withAttributes(renamed, stampChanged(actor.dn, state.clock()))
  const newRdn = formatRdn(rdn)
  await state.commit([
    ...repairReferences(tree, node, target),
    { type: 'modifyDn', dn: node.entry.dn, newRdn, deleteOldRdn: false, newSuperior: superior },
    ...differences({ ...node.entry, dn: formatDn(target) }, { ...after, dn: formatDn(target) }),
  ])
  return formatDn(target)
}

function superiorOf({ tree }: State, node: Node, newSuperior: string | undefined): string {
  if (newSuperior === undefined) return node.parent?.entry.dn ?? formatDn(parseDn(node.entry.dn).slice(1))
  const superior = requireNode(tree, newSuperior)
  if (isKeyWithin(superior.key, node.key))
    throw new Refusal('unwillingToPerform', 'no entry moves below itself')
  return superior.entry.dn
}

/** The entry with the values of its new RDN, without those of its old one when they are not wanted any more. */
function withNaming(schema: Schema, entry: Entry, rdn: Rdn, deleteOldRdn: boolean): Entry {
  const changed = new Map<string, Attribute>()
  const current = (name: string) =>
    changed.get(name.toLowerCase()) ?? entry.attributes.get(keyIn(schema, entry, name))
  const set = (name: string, values: readonly Buffer[]) => {
    const found = current(name)?.name ?? name
    changed.set(found.toLowerCase(), { name: found, values })
  }
  const old = deleteOldRdn ? (parseDn(entry.dn)[0] ?? []) : []
  for (const { attribute: name, value } of old)
    set(name, without(schema, name, current(name)?.values ?? [], value))
  for (const { attribute: name, value } of rdn) {
    const values = current(name)?.values ?? []
    const rest = without(schema, name, values, value)
    // The spelling in the entry follows the new name.
    const merged = rest.length === values.length ? [...values, value] : [...rest, value]
    checkValues(schema, writableType(schema, name), { name, values: merged })
    set(name, merged)
  }
  return withAttributes(entry, changed.values())
}

/** The key under which the entry has the attribute: an RDN may use an alias (`commonName`). */
function keyIn(schema: Schema, entry: Entry, name: string): string {
  const aliases = schema.attributeType(name)?.names ?? [name]
  return (
    aliases.map((alias) => alias.toLowerCase()).find((alias) => entry.attributes.has(alias)) ??
    name.toLowerCase()
  )
}

function without(schema: Schema, name: string, values: readonly Buffer[], value: Buffer): readonly Buffer[] {
  const type = writableType(schema, name)
  const gone = valueKey(schema, type, value)
  return values.filter((one) => valueKey(schema, type, one) !== gone)
}
