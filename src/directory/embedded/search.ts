import type { Entry } from '../../ldap/entry.ts'
import type { SortKey, SortResult } from '../../ldap/controls/server-side-sort.ts'
import { compileFilter } from '../../ldap/match.ts'
import type { SearchRequest } from '../../ldap/search-message.ts'
import { type Reader, requireNoChange, requireReader } from './access.ts'
import { candidates } from './candidates.ts'
import { rootDse, subschema } from './root-dse.ts'
import { selectAttributes } from './select-attributes.ts'
import { sortEntries } from './sort-entries.ts'
import { readDn, requireNode, type State } from './state.ts'
import { isInScope, type Node, type Tree, walk } from './tree.ts'
import { subschemaDn, visibleTo } from './view.ts'

/** What a search found: entries that are still to be cut and sent, one by one. */
export type Found = {
  readonly size: number
  /** Undefined for an entry that was deleted since the search began. */
  entry(at: number): Entry | undefined
  readonly sorted?: SortResult
}

/** Finds the entries of a search (RFC 4511, 4.5). The list is complete before the first entry goes out. */
export function search(
  state: State,
  reader: Reader,
  request: SearchRequest,
  sortKeys?: readonly SortKey[],
): Found {
  const { tree } = state
  const select = selectAttributes(tree.schema, request.attributes, request.typesOnly)
  const special = specialEntry(state, request)
  if (special) {
    requireNoChange(reader)
    const isFound = compileFilter(request.filter, tree.schema)(special)
    return { size: isFound ? 1 : 0, entry: () => select(special) }
  }
  requireReader(reader)
  const found = findNodes(tree, reader, request)
  const sorted =
    sortKeys && sortEntries(tree.schema, found, sortKeys, (node) => visibleTo(tree, node, reader))
  const nodes = sorted?.items ?? found
  return {
    size: nodes.length,
    entry: (at) => {
      const node = nodes[at]
      return node && tree.find(node.key) === node ? select(visibleTo(tree, node, reader)) : undefined
    },
    ...(sorted ? { sorted: sorted.result } : {}),
  }
}

/** The root DSE and the schema are read by anyone, by base search only. */
function specialEntry({ tree }: State, { base, scope }: SearchRequest): Entry | undefined {
  if (scope !== 'base') return undefined
  if (base === '') return rootDse(tree)
  return tree.keyOf(readDn(base)) === subschemaDn.toLowerCase() ? subschema() : undefined
}

function findNodes(tree: Tree, reader: Reader, { base, scope, filter }: SearchRequest): Node[] {
  const node = requireNode(tree, base)
  const holds = compileFilter(filter, tree.schema)
  const test = (one: Node) => holds(visibleTo(tree, one, reader))
  const indexed = scope === 'base' ? undefined : candidates(tree, filter)
  // A few children are looked at faster than a large set of candidates.
  if (!indexed || (scope === 'one' && node.children.size < indexed.size)) {
    return [...walk(node, scope)].filter(test)
  }
  return [...indexed].filter((one) => isInScope(one, node, scope) && test(one))
}
