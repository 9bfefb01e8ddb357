import { formatDn, isKeyWithin, parseDn, type Rdn } from '../../ldap/dn.ts'
import type { Attribute, Entry } from '../../ldap/entry.ts'
import { matchingRule } from '../../ldap/matching-rules.ts'
import type { LdifChange } from '../../ldap/ldif.ts'
import { differences, withAttributes } from './differences.ts'
import { type Node, type Tree, walk } from './tree.ts'

const distinguishedName = matchingRule('distinguishedNameMatch')
const references = ['member', 'uniqueMember', 'manager', 'owner', 'secretary', 'roleOccupant', 'seeAlso']

/**
 * The changes that keep DNs in other entries true when `node` (with all below it) goes, or gets the name `moved`.
 * A group that loses its last member stays, empty: losing the group would be worse than bending its schema.
 */
export function repairReferences(tree: Tree, node: Node, moved: readonly Rdn[] | undefined): LdifChange[] {
  const holders = new Set<Node>()
  for (const gone of walk(node, 'sub')) {
    const value = Buffer.from(gone.entry.dn)
    for (const name of references)
      for (const holder of tree.index.equal(name, value) ?? []) holders.add(holder)
  }
  const depth = parseDn(node.entry.dn).length
  const rename = (rdns: readonly Rdn[]) =>
    moved && Buffer.from(formatDn([...rdns.slice(0, rdns.length - depth), ...moved]))
  return [...holders]
    .filter((holder) => moved || !isKeyWithin(holder.key, node.key))
    .flatMap(({ entry }) =>
      differences(entry, withAttributes(entry, repaired(tree, entry, node.key, rename))),
    )
}

function repaired(
  tree: Tree,
  entry: Entry,
  key: string,
  rename: (rdns: readonly Rdn[]) => Buffer | undefined,
): Attribute[] {
  return references.flatMap((reference) => {
    const attribute = entry.attributes.get(reference.toLowerCase())
    if (!attribute) return []
    let changed = false
    const values = attribute.values.flatMap((value) => {
      // A seed is not checked: what is no DN refers to nothing.
      const valueKey = distinguishedName?.normalize(value, tree.schema)
      if (valueKey === undefined || !isKeyWithin(valueKey, key)) return [value]
      changed = true
      return rename(parseDn(value.toString('utf8'))) ?? []
    })
    return changed ? [{ name: attribute.name, values }] : []
  })
}
