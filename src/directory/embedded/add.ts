import { formatDn } from '../../ldap/dn.ts'
import type { Attribute } from '../../ldap/entry.ts'
import type { AddRequest, NewAttribute } from '../../ldap/update-message.ts'
import { type Reader, requireWriter } from './access.ts'
import type { Schema } from '../../ldap/schema.ts'
import { checkClasses } from './check-classes.ts'
import { withNaming } from './check-naming.ts'
import { checkValues, writableType } from './check-values.ts'
import { acceptNewPasswords } from './password-change.ts'
import { Refusal } from './refusal.ts'
import { stampNew } from './stamp.ts'
import { nearest, readDn, type State } from './state.ts'
import { checkUnique } from './unique.ts'

/** Adds an entry (RFC 4511, 4.7). Clear passwords are hashed after the policy accepted them. */
export async function add(state: State, actor: Reader, request: AddRequest<Buffer>): Promise<void> {
  requireWriter(actor)
  const { tree } = state
  const rdns = readDn(request.dn)
  if (rdns.length === 0) throw new Refusal('entryAlreadyExists')
  const given = withNaming(tree.schema, {
    dn: formatDn(rdns),
    attributes: toMap(tree.schema, request.attributes),
  })
  checkClasses(tree.schema, given)
  const entry = stampNew(await acceptNewPasswords(state, given), actor.dn, state.clock())
  // From here on nothing waits: what is checked is still so when it is written.
  if (tree.find(tree.keyOf(rdns))) throw new Refusal('entryAlreadyExists')
  // The first entry of an empty directory is its suffix.
  if (tree.size > 0 && !tree.find(tree.keyOf(rdns.slice(1)))) {
    const matchedDn = nearest(tree, rdns)
    if (matchedDn === '') throw new Refusal('unwillingToPerform', 'no global superior knowledge')
    throw new Refusal('noSuchObject', 'parent does not exist', { matchedDn })
  }
  checkUnique(tree, entry, undefined)
  await state.commit([{ type: 'add', dn: entry.dn, attributes: [...entry.attributes.values()] }])
}

function toMap(schema: Schema, given: readonly NewAttribute<Buffer>[]): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>()
  for (const { name, values } of given) {
    const type = writableType(schema, name)
    if (values.length === 0) throw new Refusal('protocolError', `${name}: no values`)
    const found = attributes.get(name.toLowerCase())
    attributes.set(name.toLowerCase(), { name, values: [...(found?.values ?? []), ...values] })
    checkValues(schema, type, { name, values })
  }
  return attributes
}
