import type { Attribute, Entry } from '../../ldap/entry.ts'
import { isReadable, type Reader } from './access.ts'
import { structuralClass } from './check-classes.ts'
import { undrawn } from './drawn-attribute.ts'
import type { Node, Tree } from './tree.ts'

export const subschemaDn = 'cn=Subschema'

/** The entry with what is computed, not stored: memberOf, entryDN and the like. The same object until something changes. */
export function viewOf(tree: Tree, node: Node): Entry {
  if (node.view?.generation === tree.generation) return node.view.entry
  const { dn, attributes: stored } = node.entry
  const attributes = new Map(stored)
  const set = (name: string, values: readonly string[]): void => {
    if (values.length > 0)
      attributes.set(name.toLowerCase(), { name, values: values.map((value) => Buffer.from(value)) })
  }
  set('memberOf', groupsOf(tree, node))
  set('structuralObjectClass', [structuralClass(tree.schema, node.entry)?.names[0] ?? []].flat())
  set('entryDN', [dn])
  set('hasSubordinates', [node.children.size > 0 ? 'TRUE' : 'FALSE'])
  set('subschemaSubentry', [subschemaDn])
  const drawn = tree.drawn && undrawn(tree.drawn, node.entry)
  if (drawn) attributes.set(drawn.key, drawn.attribute)
  const entry = { dn, attributes }
  node.view = { generation: tree.generation, entry }
  return entry
}

/** What this reader may see of it. */
export function visibleTo(tree: Tree, node: Node, reader: Reader): Entry {
  const view = viewOf(tree, node)
  if (reader.isWriter) return view
  const attributes = new Map<string, Attribute>()
  for (const [key, attribute] of view.attributes) {
    if (isReadable(key, node.key === reader.key)) attributes.set(key, attribute)
  }
  return { dn: view.dn, attributes }
}

/** DNs of the groups that have the entry as a member. */
function groupsOf(tree: Tree, node: Node): string[] {
  const key = Buffer.from(node.entry.dn)
  return [...(tree.index.equal('member', key) ?? [])].map((group) => group.entry.dn)
}
