import type { Change } from '../../ldap/update-message.ts'

/** The one form in which passwords are written (MS-ADTS, 3.1.1.3.1.5): in quotes, UTF-16LE, over an encrypted connection only. */
function quoted(password: string): Buffer {
  return Buffer.from(`"${password}"`, 'utf16le')
}

/** A *reset*: proves nothing, wants the right to reset. */
export function resetTo(password: string): Change {
  return { operation: 'replace', attribute: 'unicodePwd', values: [quoted(password)] }
}

/** A *change*: the server compares the old password, and then its age and the history count. */
export function changeFrom(old: string, password: string): Change[] {
  return [
    { operation: 'delete', attribute: 'unicodePwd', values: [quoted(old)] },
    { operation: 'add', attribute: 'unicodePwd', values: [quoted(password)] },
  ]
}
