import { baseName } from './attribute-name.ts'
import { DEFAULT_ATTRIBUTE_TYPES, DEFAULT_OBJECT_CLASSES } from './default-schema.ts'
import { type Entry, text } from './entry.ts'
import { type Definition, isDefinition, parseDefinition } from './schema-definition.ts'

/** An attribute type (RFC 4512, 4.1.2); what it does not say itself comes from its SUP. `usage` as in the RFC. */
export type AttributeType = {
  oid: string
  names: readonly string[]
  sup?: string
  equality?: string
  ordering?: string
  substr?: string
  /** The OID, without the length in braces. */
  syntax?: string
  singleValue: boolean
  noUserModification: boolean
  operational: boolean
}

export type ObjectClass = {
  oid: string
  names: readonly string[]
  sup: readonly string[]
  kind: 'abstract' | 'structural' | 'auxiliary'
  must: readonly string[]
  may: readonly string[]
}

/** What a directory says about its attributes and classes. Names are found in any case, by alias or OID, options ignored. */
export type Schema = {
  attributeTypes: readonly AttributeType[]
  objectClasses: readonly ObjectClass[]
  attributeType(name: string): AttributeType | undefined
  objectClass(name: string): ObjectClass | undefined
  /** The name of its equality rule (`caseIgnoreMatch`), undefined when it has none. */
  equalityRule(name: string): string | undefined
  /** True when its values are bytes, not text: a photo, a password hash, `;binary`. */
  isBinary(name: string): boolean
  /** Every lower-cased name of the type and of the types that inherit from it (`name` -> `cn`, `sn`, ...). */
  subtypes(name: string): ReadonlySet<string>
  /** The class and all classes it inherits from, itself first. */
  superclasses(name: string): readonly ObjectClass[]
}

/** Reads a subschema entry. A definition that breaks RFC 4512 (some vendors' do) is left out: the others still count. */
export function readSchema(subschema: Entry): Schema {
  const definitions = (name: string) => text(subschema, name).filter(isDefinition)
  return parseSchema({
    attributeTypes: definitions('attributeTypes'),
    objectClasses: definitions('objectClasses'),
    ldapSyntaxes: definitions('ldapSyntaxes'),
  })
}

/** A schema from definitions in the notation of RFC 4512. Throws LdapSyntaxError. */
export function parseSchema(definitions: {
  attributeTypes: readonly string[]
  objectClasses: readonly string[]
  ldapSyntaxes?: readonly string[]
}): Schema {
  const notReadable = (definitions.ldapSyntaxes ?? [])
    .map(parseDefinition)
    .filter((syntax) => syntax.fields.get('X-NOT-HUMAN-READABLE')?.[0] === 'TRUE')
  const attributeTypes = inherit(definitions.attributeTypes.map(parseDefinition))
  const objectClasses = definitions.objectClasses.map((definition) =>
    toObjectClass(parseDefinition(definition)),
  )
  return makeSchema(
    attributeTypes,
    objectClasses,
    new Set([...binarySyntaxes, ...notReadable.map(({ oid }) => oid)]),
  )
}

function makeSchema(
  attributeTypes: readonly AttributeType[],
  objectClasses: readonly ObjectClass[],
  binary: ReadonlySet<string>,
): Schema {
  const types = byName(attributeTypes)
  const classes = byName(objectClasses)
  const subtypes = new Map<string, ReadonlySet<string>>()
  const attributeType = (name: string) => types.get(baseName(name))
  const objectClass = (name: string) => classes.get(name.toLowerCase())
  return {
    attributeTypes,
    objectClasses,
    attributeType,
    objectClass,
    equalityRule: (name) => attributeType(name)?.equality,
    isBinary: (name) => {
      if (/;binary\b/i.test(name)) return true
      const type = attributeType(name)
      return type ? binary.has(type.syntax ?? '') : binaryNames.has(baseName(name))
    },
    subtypes: (name) => {
      const key = baseName(name)
      let found = subtypes.get(key)
      // Only known names are remembered: names come from clients and have no end.
      if (!found) found = findSubtypes(attributeTypes, types, key)
      if (types.has(key)) subtypes.set(key, found)
      return found
    },
    superclasses: (name) => findSuperclasses(objectClass, name),
  }
}

/** JPEG, octet string, binary, certificates, audio, fax, algorithms; AD's security descriptor and SID. */
const binarySyntaxes = [
  ...[4, 5, 8, 9, 10, 23, 28, 40, 49].map((arc) => `1.3.6.1.4.1.1466.115.121.1.${arc}`),
  '1.2.840.113556.1.4.907',
]

/** Attributes of Active Directory and others that are binary also when no schema says so. */
const binaryNames = new Set(
  `objectguid objectsid sidhistory tokengroups ntsecuritydescriptor logonhours thumbnailphoto thumbnaillogo unicodepwd
  ms-ds-consistencyguid msexchmailboxguid`.split(/\s+/),
)

function byName<T extends { oid: string; names: readonly string[] }>(
  definitions: readonly T[],
): Map<string, T> {
  const map = new Map<string, T>()
  for (const definition of definitions) {
    for (const name of [definition.oid, ...definition.names]) map.set(name.toLowerCase(), definition)
  }
  return map
}

function inherit(definitions: readonly Definition[]): AttributeType[] {
  const own = definitions.map(toAttributeType)
  const types = byName(own)
  const resolve = (type: AttributeType, depth: number): AttributeType => {
    const sup = type.sup === undefined ? undefined : types.get(type.sup.toLowerCase())
    if (!sup || depth > 20) return type
    const { equality, ordering, substr, syntax } = resolve(sup, depth + 1)
    const inherited = { equality, ordering, substr, syntax }
    return { ...present(inherited), ...type }
  }
  return own.map((type) => resolve(type, 0))
}

function toAttributeType({ oid, fields }: Definition): AttributeType {
  const [sup, equality, ordering, substr, syntax] = ['SUP', 'EQUALITY', 'ORDERING', 'SUBSTR', 'SYNTAX'].map(
    (word) => fields.get(word)?.[0],
  )
  return {
    oid,
    names: fields.get('NAME') ?? [],
    ...present({ sup, equality, ordering, substr, syntax: syntax?.replace(/\{\d+\}$/, '') }),
    singleValue: fields.has('SINGLE-VALUE'),
    noUserModification: fields.has('NO-USER-MODIFICATION'),
    operational: !['userApplications', undefined].includes(fields.get('USAGE')?.[0]),
  }
}

function toObjectClass({ oid, fields }: Definition): ObjectClass {
  return {
    oid,
    names: fields.get('NAME') ?? [],
    sup: fields.get('SUP') ?? [],
    kind: fields.has('ABSTRACT') ? 'abstract' : fields.has('AUXILIARY') ? 'auxiliary' : 'structural',
    must: fields.get('MUST') ?? [],
    may: fields.get('MAY') ?? [],
  }
}

/** Leaves out what is undefined: with exactOptionalPropertyTypes an absent field is absent. */
function present<K extends string>(given: Readonly<Record<K, string | undefined>>): { [P in K]?: string } {
  const result: { [P in K]?: string } = {}
  for (const key in given) if (given[key] !== undefined) result[key] = given[key]
  return result
}

function findSubtypes(
  all: readonly AttributeType[],
  types: ReadonlyMap<string, AttributeType>,
  name: string,
): ReadonlySet<string> {
  const top = types.get(name)
  if (!top) return new Set([name])
  const descends = (type: AttributeType | undefined, depth = 0): boolean =>
    type !== undefined &&
    (type.oid === top.oid || (depth < 20 && descends(types.get((type.sup ?? '').toLowerCase()), depth + 1)))
  const found = all.filter((type) => descends(type)).flatMap((type) => [type.oid, ...type.names])
  return new Set(found.map((alias) => alias.toLowerCase()))
}

function findSuperclasses(
  objectClass: (name: string) => ObjectClass | undefined,
  name: string,
): readonly ObjectClass[] {
  const found = new Set<ObjectClass>()
  const visit = (oid: string) => {
    const definition = objectClass(oid)
    if (!definition || found.has(definition)) return
    found.add(definition)
    for (const sup of definition.sup) visit(sup)
  }
  visit(name)
  return [...found]
}

const lines = (definitions: string) => definitions.trim().split('\n')

/** What stands in when no schema was read, and what the embedded directory has. */
export const DEFAULT_SCHEMA: Schema = parseSchema({
  attributeTypes: lines(DEFAULT_ATTRIBUTE_TYPES),
  objectClasses: lines(DEFAULT_OBJECT_CLASSES),
})
