import type { Control } from './control.ts'
import type { Entry } from './entry.ts'
import type { LdifChange, LdifRecord } from './ldif.ts'

/** The text of an LDIF, `version: 1` and then one piece per record (RFC 2849). */
export async function* writeLdif(
  records: AsyncIterable<Entry | LdifRecord> | Iterable<Entry | LdifRecord>,
): AsyncGenerator<string> {
  yield 'version: 1\n'
  for await (const record of records) yield `\n${formatLdif(record)}`
}

/** One record, folded at 76 characters, without the empty line before it. What is not plain ASCII is in base64. */
export function formatLdif(record: Entry | LdifRecord): string {
  if ('change' in record) return formatChange(record.change, record.controls)
  const { dn, attributes } = 'entry' in record ? record.entry : record
  return line('dn', dn) + formatAttributes(attributes.values())
}

function formatChange(change: LdifChange, controls: readonly Control[]): string {
  const kind = change.type === 'modifyDn' ? 'moddn' : change.type
  return (
    line('dn', change.dn) +
    controls.map(formatControl).join('') +
    line('changetype', kind) +
    formatBody(change)
  )
}

function formatBody(change: LdifChange): string {
  switch (change.type) {
    case 'add':
      return formatAttributes(change.attributes)
    case 'modify':
      return change.changes
        .map(
          ({ operation, attribute, values }) =>
            `${line(operation, attribute)}${formatAttributes([{ name: attribute, values }])}-\n`,
        )
        .join('')
    case 'modifyDn':
      return (
        line('newrdn', change.newRdn) +
        line('deleteoldrdn', change.deleteOldRdn ? '1' : '0') +
        (change.newSuperior === undefined ? '' : line('newsuperior', change.newSuperior))
      )
    default:
      return ''
  }
}

function formatControl({ oid, critical, value }: Control): string {
  const start = `control: ${oid}${critical ? ' true' : ''}`
  return fold(value ? `${start}:: ${value.toString('base64')}` : start)
}

function formatAttributes(attributes: Iterable<{ name: string; values: readonly Buffer[] }>): string {
  let text = ''
  for (const { name, values } of attributes) for (const value of values) text += line(name, value)
  return text
}

// RFC 2849: SAFE-STRING. A space at the end is legal there, but editors eat it.
const safe = /^(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )$/

function line(name: string, value: Buffer | string): string {
  const bytes = Buffer.from(value)
  const text = bytes.toString('latin1')
  return fold(safe.test(text) ? `${name}: ${text}` : `${name}:: ${bytes.toString('base64')}`)
}

function fold(text: string): string {
  if (text.length <= 76) return `${text}\n`
  const rest = text.slice(76).match(/.{1,75}/gs) ?? []
  return `${text.slice(0, 76)}\n${rest.map((part) => ` ${part}\n`).join('')}`
}
