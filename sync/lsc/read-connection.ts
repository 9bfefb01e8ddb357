import { fieldsOf } from './element-fields.ts'
import { authentications, derefs, type LscConnection, referrals } from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import type { XmlElement } from './xml-element.ts'

/** Reads one element of `<connections>`. */
export function readConnection(element: XmlElement): LscConnection {
  const notes: LscNote[] = []
  const fields = fieldsOf(element, notes)
  const common = { name: fields.required('name'), line: element.line, notes }
  const account = (): { url: string; username: string; password: string } => ({
    url: fields.required('url'),
    username: fields.text('username') ?? '',
    password: fields.raw('password') ?? '',
  })
  if (element.name === 'ldapConnection') {
    const connection = {
      ...common,
      kind: 'ldap' as const,
      ...account(),
      authentication: fields.oneOf('authentication', authentications, 'SIMPLE'),
      referral: fields.oneOf('referral', referrals, 'IGNORE'),
      derefAliases: fields.oneOf('derefAliases', derefs, 'NEVER'),
      pageSize: fields.whole('pageSize', -1),
      tlsActivated: fields.flag('tlsActivated', false),
      binaryAttributes: (fields.strings('binaryAttributes') ?? []).map((name) => name.trim()),
      recursiveDelete: fields.flag('recursiveDelete', false),
      relaxRules: fields.flag('relaxRules', false),
    }
    // Of Java, or of no effect on the result.
    fields.pass('version', 'factory', 'sortedBy', 'saslMutualAuthentication', 'saslQop')
    fields.end()
    return connection
  }
  if (element.name === 'databaseConnection') {
    const connection = {
      ...common,
      kind: 'database' as const,
      ...account(),
      driver: fields.text('driver') ?? '',
    }
    fields.end()
    return connection
  }
  const implementation = fields.attribute('implementationClass') ?? element.name
  return { ...common, kind: 'plugin', implementation }
}
