import type { DeleteRequest } from '../../ldap/update-message.ts'
import { type Reader, requireWriter } from './access.ts'
import { repairReferences } from './references.ts'
import { Refusal } from './refusal.ts'
import { requireNode, type State } from './state.ts'

/** Deletes an entry without children (RFC 4511, 4.8); groups and managers forget it. */
export async function remove(state: State, actor: Reader, request: DeleteRequest): Promise<void> {
  requireWriter(actor)
  const node = requireNode(state.tree, request.dn)
  if (node.children.size > 0) {
    throw new Refusal('notAllowedOnNonLeaf', 'subordinate objects must be deleted first')
  }
  await state.commit([
    ...repairReferences(state.tree, node, undefined),
    { type: 'delete', dn: node.entry.dn },
  ])
}
