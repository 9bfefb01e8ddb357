import { readAssertion } from '../../ldap/controls/assertion.ts'
import type { PasswordPolicy } from '../../ldap/controls/password-policy.ts'
import { postReadResponse, readPostReadAttributes } from '../../ldap/controls/post-read.ts'
import { compileFilter } from '../../ldap/match.ts'
import { selectAttributes } from './select-attributes.ts'
import { viewOf, visibleTo } from './view.ts'
import type { Control } from '../../ldap/control.ts'
import { PASSWORD_MODIFY, writeGeneratedPassword } from '../../ldap/extended/password-modify.ts'
import { WHO_AM_I } from '../../ldap/extended/who-am-i.ts'
import type { Request } from '../../ldap/request.ts'
import type { Response } from '../../ldap/response.ts'
import type { Result } from '../../ldap/result.ts'
import { anonymous, type Reader, requireReader } from './access.ts'
import { add } from './add.ts'
import { bind } from './bind.ts'
import { compare } from './compare.ts'
import { leaveUndrawn } from './drawn-attribute.ts'
import { modify } from './modify.ts'
import { modifyPassword } from './password-modify.ts'
import { Refusal } from './refusal.ts'
import { remove } from './remove.ts'
import { rename } from './rename.ts'
import { requireNode, type State } from './state.ts'

/** Requests that get one response. A search has its own way: it sends many. */
export type Act = Exclude<Request<Buffer>, { type: 'search' | 'abandon' | 'unbind' }>

/** The response, who is bound afterwards, what the password policy has to say, and other controls. */
export type Answer = {
  response: Response
  reader: Reader
  policy?: PasswordPolicy | undefined
  controls?: readonly Control[]
}

const success: Result = { code: 0, matchedDn: '', diagnostic: '', referrals: [] }

/** Carries out a request and gives its response; throws a Refusal for `refuse` to answer. */
export async function answer(
  state: State,
  reader: Reader,
  request: Act,
  controls: readonly Control[],
): Promise<Answer> {
  if ('dn' in request && request.type !== 'bind') checkAssertion(state, reader, request.dn, controls)
  switch (request.type) {
    case 'bind': {
      const bound = await bind(state, request)
      return { response: { type: 'bindResponse', result: success }, ...bound }
    }
    case 'add':
      await add(state, reader, request)
      return {
        response: { type: 'addResponse', result: success },
        reader,
        ...readBack(state, request.dn, controls),
      }
    case 'modify': {
      await modify(state, reader, request)
      const response = { type: 'modifyResponse', result: success } as const
      return {
        response,
        reader: afterWrite(state, reader),
        policy: {},
        ...readBack(state, request.dn, controls),
      }
    }
    case 'delete':
      await remove(state, reader, request)
      return { response: { type: 'deleteResponse', result: success }, reader }
    case 'modifyDn': {
      const dn = await rename(state, reader, request)
      return {
        response: { type: 'modifyDnResponse', result: success },
        reader,
        ...readBack(state, dn, controls),
      }
    }
    case 'compare': {
      const code = compare(state, reader, request) ? 6 : 5
      return { response: { type: 'compareResponse', result: { ...success, code } }, reader }
    }
    case 'extended':
      return await extended(state, reader, request)
  }
}

async function extended(
  state: State,
  reader: Reader,
  { oid, value }: Act & { type: 'extended' },
): Promise<Answer> {
  switch (oid) {
    case WHO_AM_I: {
      const identity = Buffer.from(reader.dn === '' ? '' : `dn:${reader.dn}`)
      return { response: { type: 'extendedResponse', result: success, value: identity }, reader }
    }
    case PASSWORD_MODIFY: {
      const generated = await modifyPassword(state, reader, value)
      const given = generated === undefined ? {} : { value: writeGeneratedPassword(generated) }
      const response = { type: 'extendedResponse', result: success, ...given } as const
      return { response, reader: afterWrite(state, reader), policy: {} }
    }
    default:
      throw new Refusal('protocolError', 'unsupported extended operation')
  }
}

/** RFC 4528. The acts do not wait between this and their change, except for the hash of a password. */
function checkAssertion({ tree }: State, reader: Reader, dn: string, controls: readonly Control[]): void {
  const filter = readAssertion(controls)
  if (!filter) return
  requireReader(reader)
  if (!compileFilter(filter, tree.schema)(visibleTo(tree, requireNode(tree, dn), reader))) {
    throw new Refusal('assertionFailed')
  }
}

/** RFC 4527: the entry as the change left it. Only writers come here: they read everything. */
function readBack({ tree }: State, dn: string, controls: readonly Control[]): { controls?: Control[] } {
  const asked = readPostReadAttributes(controls)
  if (!asked) return {}
  const select = selectAttributes(tree.schema, asked, false)
  const entry = leaveUndrawn(tree.drawn, select(viewOf(tree, requireNode(tree, dn))))
  return { controls: [postReadResponse(entry)] }
}

/** Who changed a password that was reset may do everything again. */
function afterWrite({ tree }: State, reader: Reader): Reader {
  const stillReset = tree.find(reader.key)?.entry.attributes.has('pwdreset') ?? false
  return reader.mustChange && !stillReset ? { ...reader, mustChange: false } : reader
}

const responseTypes = {
  bind: 'bindResponse',
  add: 'addResponse',
  modify: 'modifyResponse',
  delete: 'deleteResponse',
  modifyDn: 'modifyDnResponse',
  compare: 'compareResponse',
  extended: 'extendedResponse',
  search: 'searchDone',
} as const

/** The response to a request that is refused. A failed bind leaves nobody bound (RFC 4511, 4.2.1). */
export function refuse(reader: Reader, type: keyof typeof responseTypes, refusal: Refusal): Answer {
  const { code, matchedDn, message: diagnostic, policy } = refusal
  const result = { code, matchedDn, diagnostic, referrals: [] }
  return {
    response: { type: responseTypes[type], result },
    reader: type === 'bind' ? anonymous : reader,
    policy,
  }
}
