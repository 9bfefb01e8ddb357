import { baseName } from '../../ldap/attribute-name.ts'
import { type Entry, text } from '../../ldap/entry.ts'
import type { ObjectClass, Schema } from '../../ldap/schema.ts'
import { Refusal } from './refusal.ts'

/** The most specific structural class, undefined when the classes are no chain. */
export function structuralClass(schema: Schema, entry: Entry): ObjectClass | undefined {
  const structural = classesOf(schema, entry).filter(({ kind }) => kind === 'structural')
  return structural.find((candidate) => {
    const chain = schema.superclasses(candidate.oid)
    return structural.every((other) => chain.includes(other))
  })
}

/** Refuses an entry whose attributes are not those of its classes (RFC 4512, 2.4.2). */
export function checkClasses(schema: Schema, entry: Entry): void {
  const names = text(entry, 'objectClass')
  if (names.length === 0) throw new Refusal('objectClassViolation', 'no objectClass attribute')
  const classes = classesOf(schema, entry)
  if (!classes.some(({ kind }) => kind === 'structural')) {
    throw new Refusal('objectClassViolation', 'no structural object class provided')
  }
  if (!structuralClass(schema, entry)) {
    throw new Refusal('objectClassViolation', `invalid structural object class chain (${names.join('/')})`)
  }
  const all = [...new Set(classes.flatMap(({ oid }) => schema.superclasses(oid)))]
  for (const definition of all) checkRequired(schema, entry, definition)
  if (!all.some(({ names: [name] }) => name === 'extensibleObject')) checkAllowed(schema, entry, all)
}

function checkRequired(schema: Schema, entry: Entry, { names: [name = ''], must }: ObjectClass): void {
  const has = (wanted: string) => [...schema.subtypes(wanted)].some((alias) => entry.attributes.has(alias))
  const missing = must.find((wanted) => !has(wanted))
  if (missing !== undefined) {
    throw new Refusal('objectClassViolation', `object class '${name}' requires attribute '${missing}'`)
  }
}

function checkAllowed(schema: Schema, entry: Entry, classes: readonly ObjectClass[]): void {
  const allowed = new Set(
    classes.flatMap(({ must, may }) => [...must, ...may].map((name) => schema.attributeType(name)?.oid)),
  )
  for (const [key, { name }] of entry.attributes) {
    const type = schema.attributeType(baseName(key))
    if (type && !type.operational && !allowed.has(type.oid)) {
      throw new Refusal('objectClassViolation', `attribute '${name}' not allowed`)
    }
  }
}

function classesOf(schema: Schema, entry: Entry): ObjectClass[] {
  return text(entry, 'objectClass').map((name) => {
    const definition = schema.objectClass(name)
    if (!definition) throw new Refusal('invalidAttributeSyntax', 'objectClass: value #0 invalid per syntax')
    return definition
  })
}
