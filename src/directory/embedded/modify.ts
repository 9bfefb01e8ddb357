import { baseName } from '../../ldap/attribute-name.ts'
import { type Attribute, bytes, type Entry } from '../../ldap/entry.ts'
import type { Change, ModifyRequest } from '../../ldap/update-message.ts'
import { type Reader, requireSignedIn, requireWriter } from './access.ts'
import { applyChanges } from './apply-changes.ts'
import { checkClasses, structuralClass } from './check-classes.ts'
import { checkNaming } from './check-naming.ts'
import { differences, withAttributes } from './differences.ts'
import { afterChange, changePassword } from './password-change.ts'
import { verifyPassword } from './password-hash.ts'
import { Refusal } from './refusal.ts'
import { attribute, stampChanged } from './stamp.ts'
import { requireNode, type State } from './state.ts'
import type { Node } from './tree.ts'
import { checkUnique } from './unique.ts'

/** Changes an entry (RFC 4511, 4.6): all steps or none. A user may change the own password, nothing else. */
export async function modify(state: State, actor: Reader, request: ModifyRequest<Buffer>): Promise<void> {
  requireSignedIn(actor)
  const node = requireNode(state.tree, request.dn)
  const isOwn = node.key === actor.key
  if (!isOwn || !request.changes.every(isPassword)) requireWriter(actor)
  const password = request.changes.some(isPassword)
    ? await preparePassword(state, actor, node, request.changes)
    : { steps: request.changes, attributes: [] }
  // From here on nothing waits: what is checked is still so when it is written.
  const before = node.entry
  const changed = applyChanges(state.tree.schema, before, password.steps)
  const after = withAttributes(changed, [...password.attributes, ...sideEffects(request.changes)])
  checkModified(state, node, after)
  await state.commit(differences(before, withAttributes(after, stampChanged(actor.dn, state.clock()))))
}

function checkModified({ tree }: State, node: Node, after: Entry): void {
  const [from, to] = [node.entry, after].map((entry) => structuralClass(tree.schema, entry))
  if (from && to && from !== to) {
    const names = `from '${from.names[0]}' to '${to.names[0]}'`
    throw new Refusal(
      'objectClassModsProhibited',
      `structural object class modification ${names} not allowed`,
    )
  }
  checkClasses(tree.schema, after)
  checkNaming(tree.schema, after)
  checkUnique(tree, after, node)
}

const isPassword = ({ attribute: name }: Change<Buffer>): boolean => baseName(name) === 'userpassword'

/** Taking the lock away starts the count anew; emptying it by a replace does not (slapd's ppolicy does the same). */
function sideEffects(changes: readonly Change<Buffer>[]): Attribute[] {
  const unlocks = changes.some(
    ({ operation, attribute: name }) => operation === 'delete' && baseName(name) === 'pwdaccountlockedtime',
  )
  return unlocks ? [attribute('pwdFailureTime')] : []
}

/** Turns the steps about userPassword into one change of the password, checked by the policy. */
async function preparePassword(
  state: State,
  actor: Reader,
  node: Node,
  changes: readonly Change<Buffer>[],
): Promise<{ steps: readonly Change<Buffer>[]; attributes: Attribute[] }> {
  const steps = changes.filter((change) => !isPassword(change))
  const others = new Set(steps.map(({ attribute: name }) => baseName(name)))
  const about = changes.filter(isPassword)
  const oldProven = await proveDeleted(node.entry, about)
  const values = about.filter(({ operation }) => operation !== 'delete').flatMap((change) => change.values)
  const [value, ...more] = values
  if (more.length > 0)
    throw new Refusal('constraintViolation', 'Password policy only allows one password value')
  if (!value) return { steps, attributes: ['userPassword', 'pwdChangedTime'].map((name) => attribute(name)) }
  const byOwner = node.key === actor.key
  const changed = await changePassword(state, node.entry, { value, byOwner, oldProven })
  const isOneMore = about.every(({ operation }) => operation === 'add')
  // What the same request says about the lock or the reset, it says on purpose.
  const attributes = changed.filter(
    ({ name }) => !(afterChange.includes(name) && others.has(name.toLowerCase())),
  )
  return { steps, attributes: isOneMore ? attributes.map((one) => besides(node.entry, one)) : attributes }
}

/** An entry may have several passwords: adding one keeps the others. */
function besides(entry: Entry, changed: Attribute): Attribute {
  if (changed.name !== 'userPassword') return changed
  return { name: changed.name, values: [...bytes(entry, changed.name), ...changed.values] }
}

/** `delete: userPassword` with the old password in clear: true when it is right, refused when it is not. */
async function proveDeleted(entry: Entry, about: readonly Change<Buffer>[]): Promise<boolean> {
  const given = about.filter(({ operation }) => operation === 'delete').flatMap(({ values }) => values)
  if (given.length === 0) return false
  const stored = bytes(entry, 'userPassword')
  for (const old of given) {
    const matches = await Promise.all(
      stored.map(async (one) => one.equals(old) || (await verifyPassword(one, old))),
    )
    if (matches.includes(true)) continue
    throw new Refusal('unwillingToPerform', 'Must supply correct old password to change to new one', {
      policy: { error: 'mustSupplyOldPassword' },
    })
  }
  return true
}
