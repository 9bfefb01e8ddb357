import type { CompareRequest } from '../../ldap/update-message.ts'
import { type Reader, requireReader } from './access.ts'
import { valueKey } from './check-values.ts'
import { Refusal } from './refusal.ts'
import { requireNode, type State } from './state.ts'
import { visibleTo } from './view.ts'

/** Whether the entry has the value (RFC 4511, 4.10). */
export function compare({ tree }: State, reader: Reader, request: CompareRequest<Buffer>): boolean {
  requireReader(reader)
  const node = requireNode(tree, request.dn)
  const type = tree.schema.attributeType(request.attribute)
  if (!type) throw new Refusal('undefinedAttributeType', `${request.attribute}: attribute type undefined`)
  if (type.equality === undefined) throw new Refusal('inappropriateMatching')
  const entry = visibleTo(tree, node, reader)
  const values = [...tree.schema.subtypes(request.attribute)].flatMap(
    (name) => entry.attributes.get(name)?.values ?? [],
  )
  if (values.length === 0) throw new Refusal('noSuchAttribute')
  const wanted = valueKey(tree.schema, type, request.value)
  return values.some((value) => valueKey(tree.schema, type, value) === wanted)
}
