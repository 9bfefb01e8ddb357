import { formatDn, isKeyWithin, normalizeRdns, parseDn, type Rdn } from '../../ldap/dn.ts'
import type { Attribute, Entry } from '../../ldap/entry.ts'
import type { LdifChange } from '../../ldap/ldif.ts'
import type { Schema } from '../../ldap/schema.ts'
import type { DrawnAttribute } from './drawn-attribute.ts'
import { makeValueIndex, type ValueIndex } from './value-index.ts'

/** One entry in its place. `entry` is replaced, never changed: a search that runs keeps what it saw. */
export type Node = {
  key: string
  entry: Entry
  parent: Node | undefined
  readonly children: Set<Node>
  /** The entry with its computed attributes, and the generation it was computed in; see view.ts. */
  view?: { generation: number; entry: Entry }
}

/** All entries, by the normalized DN (`key`), with the indexes over their values. Checks nothing: see the acts. */
export class Tree {
  readonly schema: Schema
  readonly drawn: DrawnAttribute | undefined
  readonly index: ValueIndex<Node>
  readonly #nodes = new Map<string, Node>()
  readonly #roots = new Set<Node>()
  #generation = 0

  constructor(schema: Schema, drawn?: DrawnAttribute) {
    this.schema = schema
    this.drawn = drawn
    this.index = makeValueIndex<Node>(schema)
  }

  /** Entries without a parent: the naming contexts. */
  get roots(): ReadonlySet<Node> {
    return this.#roots
  }

  get size(): number {
    return this.#nodes.size
  }

  /** Grows with each change: what was computed before may have another value now. */
  get generation(): number {
    return this.#generation
  }

  keyOf(rdns: readonly Rdn[]): string {
    return normalizeRdns(rdns, this.schema)
  }

  find(key: string): Node | undefined {
    return this.#nodes.get(key)
  }

  /** All entries, parents before their children. */
  *entries(): Generator<Entry> {
    for (const root of this.#roots) for (const node of walk(root, 'sub')) yield node.entry
  }

  apply(change: LdifChange): void {
    this.#generation++
    if (change.type === 'add') return this.#insert({ dn: change.dn, attributes: toMap(change.attributes) })
    const node = this.#nodes.get(this.keyOf(parseDn(change.dn)))
    if (!node) throw new Error('a change of an entry that is not there')
    if (change.type === 'delete') return this.#remove(node)
    if (change.type === 'modify') return this.#replace(node, replaced(node.entry, change.changes))
    const [rdn = []] = parseDn(change.newRdn)
    return this.#move(node, [rdn, ...parseDn(change.newSuperior ?? node.parent?.entry.dn ?? '')])
  }

  #insert(entry: Entry): void {
    const node: Node = { key: '', entry, parent: undefined, children: new Set() }
    this.#attach(node, parseDn(entry.dn))
    this.index.update(node, undefined, entry)
  }

  #replace(node: Node, entry: Entry): void {
    this.index.update(node, node.entry, entry)
    node.entry = entry
  }

  #remove(node: Node): void {
    this.index.update(node, node.entry, undefined)
    this.#detach(node)
  }

  /** The node and all below it get new names; what is indexed by value stays. */
  #move(node: Node, rdns: readonly Rdn[]): void {
    this.#detach(node)
    node.entry = { dn: formatDn(rdns), attributes: node.entry.attributes }
    this.#attach(node, rdns)
    // A copy: moving a child takes it out of the set and puts it back.
    const children = [...node.children]
    for (const child of children) this.#move(child, [parseDn(child.entry.dn)[0] ?? [], ...rdns])
  }

  #attach(node: Node, rdns: readonly Rdn[]): void {
    node.key = this.keyOf(rdns)
    node.parent = this.#nodes.get(this.keyOf(rdns.slice(1)))
    this.#nodes.set(node.key, node)
    if (node.parent) node.parent.children.add(node)
    else this.#roots.add(node)
  }

  #detach(node: Node): void {
    this.#nodes.delete(node.key)
    node.parent?.children.delete(node)
    this.#roots.delete(node)
  }
}

function toMap(attributes: readonly Attribute[]): Map<string, Attribute> {
  return new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]))
}

/** The tree's own changes are whole attributes: replaced, or gone when there is no value. */
function replaced(entry: Entry, changes: readonly { attribute: string; values: readonly Buffer[] }[]): Entry {
  const attributes = new Map(entry.attributes)
  for (const { attribute, values } of changes) {
    const key = attribute.toLowerCase()
    if (values.length === 0) attributes.delete(key)
    else attributes.set(key, { name: attribute, values })
  }
  return { dn: entry.dn, attributes }
}

/** The nodes of a scope under a base, walked. `children` is the subtree without the base. */
export function* walk(base: Node, scope: 'base' | 'one' | 'sub' | 'children'): Generator<Node> {
  if (scope === 'base' || scope === 'sub') yield base
  if (scope === 'base') return
  for (const child of base.children) {
    if (scope === 'one') yield child
    else yield* walk(child, 'sub')
  }
}

/** Whether `walk(base, scope)` would come by the node. */
export function isInScope(node: Node, base: Node, scope: 'base' | 'one' | 'sub' | 'children'): boolean {
  if (scope === 'base') return node === base
  if (scope === 'one') return node.parent === base
  return (scope === 'sub' || node !== base) && isKeyWithin(node.key, base.key)
}
