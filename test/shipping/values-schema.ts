import { isMap, isScalar, isSeq, parse, type Document, type Node, type YAMLMap } from 'yaml'
import { z } from 'zod'

/** A value of the chart with what its comment says. A map that the chart closes has `members`. */
export type ChartValue = {
  path: string
  description: string
  /** The comment without `--` above a map: about all of it. */
  heading: string
  schema: Record<string, unknown>
  preset: unknown
  members?: readonly ChartValue[]
}

const resourceList = { type: 'object', additionalProperties: { type: ['string', 'number'] } }
const definitions = {
  resources: {
    type: 'object',
    additionalProperties: false,
    properties: { requests: resourceList, limits: resourceList, claims: { type: 'array' } },
  },
}

const addition = z.record(z.string(), z.unknown())

/** The values of a values.yaml, in its order. Throws on one that nothing describes, and on an empty map of which nobody says what it may hold. */
export function readValues(document: Document): readonly ChartValue[] {
  const { contents } = document
  if (!isMap(contents)) throw new Error('values.yaml is a map')
  return membersOf(contents, '', document.commentBefore ?? '')
}

/** The closed JSON Schema (draft 7, which Helm 3 and 4 read) of a chart's values. */
export function valuesSchema(values: readonly ChartValue[]): object {
  const $schema = 'http://json-schema.org/draft-07/schema#'
  return { $schema, title: 'Values of the chart idaas', ...closed(values), definitions }
}

function membersOf(map: YAMLMap, parent: string, inherited: string): ChartValue[] {
  return map.items.map(({ key, value }, index) => {
    if (!isScalar<string>(key)) throw new Error(`${parent}: a key is a text`)
    // The comment before a map's first key belongs, for the parser, to the map.
    const first = index === 0 ? (map.commentBefore ?? inherited) : ''
    const path = parent === '' ? key.value : `${parent}.${key.value}`
    return readValue(path, key.commentBefore ?? first, isNode(value) ? value : null)
  })
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value)
}

function readValue(path: string, comment: string, node: Node | null): ChartValue {
  const lines = comment.split('\n').map((line) => line.trim())
  const description = lines.find((line) => line.startsWith('-- '))?.slice(3) ?? ''
  const written = lines.find((line) => line.startsWith('@schema '))?.slice('@schema '.length)
  const added = addition.parse(written === undefined ? {} : parse(written))
  const heading = lines.filter((line) => line !== '' && !/^(-- |@schema )/.test(line)).join(' ')
  const common = { path, description, heading, preset: node?.toJSON() ?? null }
  const isOpen = 'additionalProperties' in added || '$ref' in added
  if (isMap(node) && !isOpen) {
    if (node.items.length === 0) throw new Error(`${path}: say with @schema what the map may hold`)
    const members = membersOf(node, path, '')
    return { ...common, members, schema: { ...closed(members), ...said(description) } }
  }
  if (description === '') throw new Error(`${path}: nothing describes it`)
  return {
    ...common,
    schema: { ...said(description), ...typeOf(path, node, added), ...withoutReference(added) },
  }
}

function closed(members: readonly ChartValue[]): Record<string, unknown> {
  const properties = Object.fromEntries(
    members.map(({ path, schema }) => [path.slice(path.lastIndexOf('.') + 1), schema]),
  )
  return { type: 'object', additionalProperties: false, properties }
}

function said(description: string): { description?: string } {
  return description === '' ? {} : { description }
}

/** Beside `$ref` draft 7 reads nothing else, so it goes into `allOf`. */
function withoutReference({ $ref, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return $ref === undefined ? rest : { allOf: [{ $ref }], ...rest }
}

function typeOf(path: string, node: Node | null, added: Record<string, unknown>): Record<string, unknown> {
  if ('enum' in added) return {}
  if (isMap(node)) return { type: 'object' }
  if (isSeq(node)) return { type: 'array', items: { type: 'object' } }
  const value = isScalar(node) ? node.value : null
  if (typeof value === 'number') return { type: 'integer' }
  if (typeof value === 'string' || typeof value === 'boolean') return { type: typeof value }
  throw new Error(`${path}: of which type is it?`)
}
