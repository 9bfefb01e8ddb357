import { formatLdif } from '../../ldap/ldif-writer.ts'
import type { LdifChange } from '../../ldap/ldif.ts'
import type { Change } from '../../ldap/update-message.ts'

/** LDIF of one modification. What is not plain ASCII comes out in base64. */
export function modification(dn: string, changes: readonly Change<string>[]): string {
  const made = changes.map(({ values, ...change }) => ({ ...change, values: values.map(bytesOf) }))
  return ldifOf({ type: 'modify', dn, changes: made })
}

/** LDIF that puts one value in the place of those that an attribute has, for each. */
export function replacement(dn: string, values: Readonly<Record<string, string>>): string {
  const changes = Object.entries(values).map(
    ([attribute, value]) => ({ operation: 'replace', attribute, values: [value] }) as const,
  )
  return modification(dn, changes)
}

/** LDIF of an entry to add. */
export function addition(
  dn: string,
  attributes: Readonly<Record<string, string | readonly string[]>>,
): string {
  const list = Object.entries(attributes).map(([name, values]) => ({
    name,
    values: [values].flat().map(bytesOf),
  }))
  return ldifOf({ type: 'add', dn, attributes: list })
}

const bytesOf = (text: string) => Buffer.from(text)

/** Lines are not folded: people read these, and copy parts of them. */
function ldifOf(change: LdifChange): string {
  return formatLdif({ line: 0, change, controls: [] }).replaceAll('\n ', '')
}

/** Applies LDIF to the settings of a slapd, on its own machine as root. */
export function onSlapd(...records: readonly string[]): string {
  return hereDocument('ldapmodify -Q -Y EXTERNAL -H ldapi:///', records)
}

/** Applies LDIF to entries, as the directory's administrator. */
export function asAdministrator(url: string, administrator: string, ...records: readonly string[]): string {
  return hereDocument(`ldapmodify -x -H ${quoted(url)} -D ${quoted(administrator)} -W`, records)
}

function hereDocument(command: string, records: readonly string[]): string {
  return `${command} <<'EOF'\n${records.join('\n')}EOF`
}

/** One word of a shell's command line. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
