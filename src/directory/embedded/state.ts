import { parseDn, type Rdn } from '../../ldap/dn.ts'
import type { LdifChange } from '../../ldap/ldif.ts'
import { Refusal } from './refusal.ts'
import type { Node, Tree } from './tree.ts'

/** What every act of the directory works on. */
export type State = {
  readonly tree: Tree
  /** Applies the changes as one, at once; the promise is kept when they are on disk. */
  commit(changes: readonly LdifChange[]): Promise<void>
  /** Keys of the service accounts that may read and write everything. */
  readonly writers: ReadonlySet<string>
  /** Key of the password policy of entries that name none. */
  readonly defaultPolicy: string
  /** Most entries that a search without paging gives to who is no writer. */
  readonly sizeLimit: number
  readonly clock: () => Date
}

/** Reads a DN of a request; refuses one that is none. */
export function readDn(dn: string): readonly Rdn[] {
  try {
    return parseDn(dn)
  } catch {
    throw new Refusal('invalidDNSyntax', 'invalid DN')
  }
}

/** The entry of a request; refuses with the nearest ancestor that exists. */
export function requireNode(tree: Tree, dn: string): Node {
  const rdns = readDn(dn)
  const node = tree.find(tree.keyOf(rdns))
  if (node) return node
  throw new Refusal('noSuchObject', '', { matchedDn: nearest(tree, rdns) })
}

/** DN of the nearest ancestor that exists, `''` when there is none. */
export function nearest(tree: Tree, rdns: readonly Rdn[]): string {
  for (let depth = 1; depth < rdns.length; depth++) {
    const found = tree.find(tree.keyOf(rdns.slice(depth)))
    if (found) return found.entry.dn
  }
  return ''
}
