import type { Filter } from '../../ldap/filter.ts'
import { readDn } from './state.ts'
import type { Node, Tree } from './tree.ts'

/** Entries among which all are that the filter holds for; undefined when no index helps and all must be looked at. */
export function candidates(tree: Tree, filter: Filter): ReadonlySet<Node> | undefined {
  switch (filter.type) {
    case 'and':
      return smallest(filter.filters.map((part) => candidates(tree, part)))
    case 'or':
      return union(filter.filters.map((part) => candidates(tree, part)))
    case 'equal':
      if (filter.attribute.toLowerCase() === 'memberof') return members(tree, filter.value)
      return tree.index.equal(filter.attribute, filter.value)
    case 'substrings':
      return tree.index.containing(
        filter.attribute,
        [filter.initial, ...filter.any, filter.final].flatMap((part) => part ?? []),
      )
    default:
      return undefined
  }
}

function smallest(sets: readonly (ReadonlySet<Node> | undefined)[]): ReadonlySet<Node> | undefined {
  return sets.reduce((left, right) => (right && (!left || right.size < left.size) ? right : left), undefined)
}

function union(sets: readonly (ReadonlySet<Node> | undefined)[]): ReadonlySet<Node> | undefined {
  const all = new Set<Node>()
  for (const set of sets) {
    if (!set) return undefined
    for (const node of set) all.add(node)
  }
  return all
}

/** memberOf is not stored: the group itself says who is in it. */
function members(tree: Tree, group: Buffer): ReadonlySet<Node> | undefined {
  const values = find(tree, group)?.entry.attributes.get('member')?.values ?? []
  return new Set(values.flatMap((value) => find(tree, value) ?? []))
}

function find(tree: Tree, dn: Buffer): Node | undefined {
  try {
    return tree.find(tree.keyOf(readDn(dn.toString('utf8'))))
  } catch {
    return undefined
  }
}
