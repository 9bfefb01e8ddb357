import { isSchema, type JsonSchema } from '../../src/config/json-schema.ts'

/** The reference of all keys as Markdown: a heading for each map, a line for each key. */
export function referenceText(schema: JsonSchema): string {
  return [...sections('', schema)].join('\n')
}

function* sections(path: string, schema: JsonSchema): Iterable<string> {
  const forms = formsOf(schema)
  yield path === '' ? '### At the top\n' : `\n### \`${path}\`\n`
  const about = path.endsWith('[]') ? undefined : schema.description
  if (about !== undefined && path !== '') yield `${about}\n`
  for (const [index, form] of forms.entries()) {
    if (index > 0) yield '\nor\n'
    for (const [key, value] of propertiesOf(form))
      yield keyLine(key, value, form.required?.includes(key) ?? false)
  }
  for (const [below, value] of childrenOf(path, forms)) yield* sections(below, value)
}

/** The maps below: of each key, or under `*` when all keys have the same. */
function childrenOf(path: string, forms: readonly JsonSchema[]): [string, JsonSchema][] {
  const children = forms.flatMap(propertiesOf).flatMap(([key, value]): [string, JsonSchema][] => {
    if (formsOf(value).length > 0) return [[key, value]]
    const { items, additionalProperties: named } = value
    if (isSchema(named) && formsOf(named).length > 0) return [[`${key}.*`, named]]
    return isSchema(items) && formsOf(items).length > 0 ? [[`${key}[]`, items]] : []
  })
  const areAlike =
    new Set(children.map(([, value]) => JSON.stringify(value))).size === 1 && children.length > 1
  const listed = areAlike
    ? children.slice(0, 1).map(([, value]): [string, JsonSchema] => ['*[]', value])
    : children
  return listed.map(([key, value]) => [path === '' ? key : `${path}.${key}`, value])
}

/** The maps that a value may be. */
function formsOf(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(({ properties }) => properties)
}

function propertiesOf(schema: JsonSchema): [string, JsonSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
    isSchema(value) ? [[key, value]] : [],
  )
}

function keyLine(key: string, schema: JsonSchema, isRequired: boolean): string {
  const facts = [typeOf(schema), schema.writeOnly ? 'secret' : [], presenceOf(schema, isRequired)].flat()
  const description = schema.description === undefined ? '' : ` ${schema.description}`
  return `- **\`${key}\`** (${facts.join(', ')})${description === '' ? '' : `:${description}`}`
}

function presenceOf({ default: value }: JsonSchema, isRequired: boolean): string | string[] {
  if (isRequired) return 'required'
  // {}: a map whose keys have defaults of their own.
  if (value === undefined || JSON.stringify(value) === '{}') return []
  return `default \`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' | ')
  if (schema.type === 'array') return `list of ${isSchema(schema.items) ? typeOf(schema.items) : 'anything'}`
  const forms = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (forms.length > 0) return [...new Set(forms.map(typeOf))].join(', or ')
  if (schema.type === 'integer') {
    const { minimum = 0, maximum = Infinity } = schema
    return maximum < Number.MAX_SAFE_INTEGER ? `number ${minimum} to ${maximum}` : `number from ${minimum}`
  }
  return (
    { string: 'text', boolean: 'true or false', object: 'map' }[String(schema.type)] ?? String(schema.type)
  )
}
