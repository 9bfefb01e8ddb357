import { z } from 'zod'
import { configSchema } from './schema.ts'
import { tenantSchema } from './tenant-schema.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

/** The form of the merged configuration as it is written, defaults not yet filled in. */
export function configJsonSchema(): JsonSchema {
  return toJsonSchema(configSchema)
}

/**
 * The JSON Schema by which editors complete and check files. A file may hold all of the configuration or a part of it, so that
 * nothing is required at the top.
 */
export function publishedJsonSchema(): JsonSchema {
  const { required: _, ...whole } = toJsonSchema(configSchema, allowReferences)
  const { required: __, properties = {}, ...tenant } = toJsonSchema(tenantSchema, allowReferences)
  const { name = true, ...sections } = properties
  const version = whole.properties?.['version'] ?? true
  const part = { ...tenant, required: ['tenant'], properties: { tenant: name, version, ...sections } }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'IDaaS configuration: all of it, or a part of one tenant (with the key `tenant`)',
    if: { required: ['tenant'] },
    // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
    then: part,
    else: whole,
  }
}

/** What is said of the value at a path; several where its form depends on what is in it. */
export function schemasAt(root: JsonSchema, path: readonly (string | number)[]): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (schemas, step) =>
      schemas
        .map((schema) =>
          typeof step === 'number'
            ? schema.items
            : (schema.properties?.[step] ?? schema.additionalProperties),
        )
        .filter(isSchema)
        .flatMap(alternatives),
    alternatives(root),
  )
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(alternatives)]
}

export function isSchema(value: JsonSchema['items']): value is JsonSchema {
  return typeof value === 'object' && !Array.isArray(value)
}

function toJsonSchema(schema: z.ZodType, override: (jsonSchema: JsonSchema) => void = () => {}): JsonSchema {
  const made = z.toJSONSchema(schema, { io: 'input', override: ({ jsonSchema }) => override(jsonSchema) })
  const { $schema: _, '~standard': __, ...json } = made
  return json
}

const reference = String.raw`\$\{(env|file):`

/** Any text may come from elsewhere: what is checked of a text (never of a number) is checked once that is read. */
function allowReferences(json: JsonSchema): void {
  if (json.type !== 'string' || json.const !== undefined) return
  if (json.enum) {
    json.anyOf = [{ enum: json.enum }, { pattern: reference }]
    delete json.enum
  } else if (json.pattern ?? json.format) {
    json.pattern = json.pattern === undefined ? `^\\w+:|${reference}` : `(${json.pattern})|${reference}`
    delete json.format
  }
}
