import { isAttributeName } from './attribute-name.ts'
import type { Control } from './control.ts'
import type { Attribute } from './entry.ts'
import type { LdifLine } from './ldif-lines.ts'
import type { LdifChange, LdifOptions, LdifRecord } from './ldif.ts'
import { LdapSyntaxError } from './syntax-error.ts'
import type { Change } from './update-message.ts'

type Field = { line: number; name: string; value: Buffer }

/** Reads the lines of one record (RFC 2849). */
export function readRecord(lines: readonly LdifLine[], options: LdifOptions): LdifRecord {
  const [first, ...rest] = lines.map((line) => readField(line, options))
  if (first?.name.toLowerCase() !== 'dn') throw fault(first?.line ?? 0, 'expected dn:')
  const dn = first.value.toString('utf8')
  const controls: Control[] = []
  for (let next = takeNamed(rest, 'control'); next; next = takeNamed(rest, 'control'))
    controls.push(readControl(next))
  const kind = takeNamed(rest, 'changetype')
  if (kind) return { line: first.line, change: readChange(dn, kind, rest), controls }
  if (controls.length > 0) throw fault(first.line, 'a control without a changetype')
  return { line: first.line, entry: { dn, attributes: collect(rest) } }
}

function readField({ line, text }: LdifLine, { readUrl }: LdifOptions): Field {
  // A line `-` ends one step of a modify.
  if (text === '-') return { line, name: '-', value: Buffer.alloc(0) }
  const [, name, kind, value = ''] = /^([^:]+):([:<]?) *(.*)$/s.exec(text) ?? []
  if (name === undefined) throw fault(line, 'expected name: value')
  if (kind === ':') return { line, name, value: fromBase64(value, line) }
  if (kind !== '<') return { line, name, value: Buffer.from(value, 'latin1') }
  if (!readUrl) throw fault(line, 'values from a URL are not allowed here')
  return { line, name, value: readUrl(value.trim()) }
}

function fromBase64(text: string, line: number): Buffer {
  const trimmed = text.trimEnd()
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(trimmed) || trimmed.length % 4 !== 0) throw fault(line, 'not base64')
  return Buffer.from(trimmed, 'base64')
}

function takeNamed(fields: Field[], name: string): Field | undefined {
  return fields[0]?.name.toLowerCase() === name ? fields.shift() : undefined
}

function readControl({ line, value }: Field): Control {
  const text = value.toString('latin1')
  const [, oid, criticality, kind, rest] = /^([\d.]+)(?: +(true|false))?(?:(::?) *(.*))?$/s.exec(text) ?? []
  if (oid === undefined) throw fault(line, 'expected control: OID [true|false] [: value]')
  const critical = criticality === 'true'
  if (kind === undefined || rest === undefined) return { oid, critical }
  return { oid, critical, value: kind === '::' ? fromBase64(rest, line) : Buffer.from(rest, 'latin1') }
}

function readChange(dn: string, kind: Field, fields: Field[]): LdifChange {
  switch (kind.value.toString('latin1').trim().toLowerCase()) {
    case 'add':
      return { type: 'add', dn, attributes: [...collect(fields).values()] }
    case 'delete':
      if (fields[0]) throw fault(fields[0].line, 'a delete has no more lines')
      return { type: 'delete', dn }
    case 'modify':
      return { type: 'modify', dn, changes: readSteps(fields) }
    case 'modrdn':
    case 'moddn':
      return readRename(dn, kind, fields)
    default:
      throw fault(kind.line, 'expected changetype: add, delete, modify or moddn')
  }
}

function readRename(dn: string, kind: Field, fields: Field[]): LdifChange {
  const newRdn = takeNamed(fields, 'newrdn')
  const deleteOldRdn = takeNamed(fields, 'deleteoldrdn')
  const newSuperior = takeNamed(fields, 'newsuperior')
  if (!newRdn || !deleteOldRdn || fields[0])
    throw fault(kind.line, 'expected newrdn:, deleteoldrdn: and [newsuperior:]')
  return {
    type: 'modifyDn',
    dn,
    newRdn: newRdn.value.toString('utf8'),
    deleteOldRdn: deleteOldRdn.value.toString('latin1').trim() === '1',
    ...(newSuperior ? { newSuperior: newSuperior.value.toString('utf8') } : {}),
  }
}

function readSteps(fields: readonly Field[]): Change<Buffer>[] {
  const steps: Change<Buffer>[] = []
  let step: (Change<Buffer> & { values: Buffer[] }) | undefined
  for (const { line, name, value } of fields) {
    if (name === '-') step = undefined
    else if (!step) {
      const attribute = value.toString('latin1').trim()
      if (!isAttributeName(attribute)) throw fault(line, 'not an attribute name')
      steps.push((step = { operation: operationOf(name, line), attribute, values: [] }))
    } else if (name.toLowerCase() === step.attribute.toLowerCase()) step.values.push(value)
    else throw fault(line, 'another attribute than the step is about')
  }
  return steps
}

function operationOf(name: string, line: number): Change['operation'] {
  const operation = name.toLowerCase()
  if (operation === 'add' || operation === 'delete' || operation === 'replace' || operation === 'increment')
    return operation
  throw fault(line, 'expected add:, delete:, replace: or increment:')
}

function collect(fields: readonly Field[]): Map<string, Attribute & { values: Buffer[] }> {
  const attributes = new Map<string, Attribute & { values: Buffer[] }>()
  for (const { line, name, value } of fields) {
    if (!isAttributeName(name)) throw fault(line, 'not an attribute name')
    const key = name.toLowerCase()
    const found = attributes.get(key)
    if (found) found.values.push(value)
    else attributes.set(key, { name, values: [value] })
  }
  return attributes
}

function fault(line: number, message: string): LdapSyntaxError {
  return new LdapSyntaxError('ldif', `line ${line}: ${message}`)
}
