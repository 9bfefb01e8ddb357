import type { Entry } from '../../ldap/entry.ts'
import { Refusal } from './refusal.ts'
import type { Node, Tree } from './tree.ts'

const uniqueAttributes = ['uid', 'mail']

/** Refuses an entry with a login or a mail address that another entry has. `self` is the entry that is changed. */
export function checkUnique(tree: Tree, entry: Entry, self: Node | undefined): void {
  for (const name of uniqueAttributes) {
    for (const value of entry.attributes.get(name)?.values ?? []) {
      for (const found of tree.index.equal(name, value) ?? []) {
        if (found !== self) throw new Refusal('constraintViolation', 'some attributes not unique')
      }
    }
  }
}
