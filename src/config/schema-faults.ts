import type { z } from 'zod'
import type { ConfigFault, Path } from './config-fault.ts'
import { describeFound } from './describe-found.ts'
import { configJsonSchema, schemasAt } from './json-schema.ts'
import { nearestName } from './nearest-name.ts'
import { configSchema, type Config } from './schema.ts'
import { isEmpty, keyPlaceOf, nodeAt, placeOf, plainValue, type MapNode } from './source-tree.ts'

/** The configuration, or everything in which the tree has another form than the schema. */
export function validate(root: MapNode): { config: Config } | { faults: ConfigFault[] } {
  const parsed = configSchema.safeParse(plainValue(root), { error: expectedText })
  if (parsed.success) return { config: parsed.data }
  return { faults: parsed.error.issues.flatMap((issue) => explain(root, issue, [])) }
}

/** Completes "expected ...". Schemas that know better say it themselves, by `error`. */
function expectedText(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values
        .map(String)
        .join(', ')
        .replace(/, ([^,]+)$/, ' or $1')
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`
    default:
      return 'another form'
  }
}

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
}

function unitOf(origin: string): string {
  if (origin === 'array') return ' in the list'
  return origin === 'string' ? ' characters' : ''
}

function explain(root: MapNode, issue: z.core.$ZodIssue, base: Path): ConfigFault[] {
  const path = [...base, ...issue.path.filter((step) => typeof step !== 'symbol')]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(root, [...path, key]))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return explainUnion(root, issue.errors, path)
  return [{ place: placeOf(root, path), path, found: describeFound(root, path), expected: issue.message }]
}

/** Of several forms the one that was probably meant: the fewest faults, none of them that it is something else altogether. */
function explainUnion(root: MapNode, forms: readonly z.core.$ZodIssue[][], path: Path): ConfigFault[] {
  const [nearest] = forms.toSorted((a, b) => distance(a) - distance(b))
  if (nearest && distance(nearest) < 1_000) return nearest.flatMap((issue) => explain(root, issue, path))
  const expected = [...new Set(forms.flat().map(({ message }) => message))].join(', or ')
  return [{ place: placeOf(root, path), path, found: describeFound(root, path), expected }]
}

function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + issue.keys.length
    return sum + (issue.path.length === 0 ? 1_000 : 1)
  }, 0)
}

function unknownKey(root: MapNode, path: Path): ConfigFault {
  const parent = path.slice(0, -1)
  const siblings = schemasAt(configJsonSchema(), parent).flatMap((schema) =>
    Object.keys(schema.properties ?? {}),
  )
  const near = nearestName(String(path.at(-1)), siblings)
  const place = keyPlaceOf(root, path)
  const node = nodeAt(root, path)
  // `{ password: pass,word }` makes a key of the end of a password, and a lost colon one of a URL.
  const mayBeValue = !/^[\w-]+$/.test(String(path.at(-1))) || (node !== undefined && isEmpty(node))
  if (near === undefined && mayBeValue) {
    return { place, path: parent, found: 'a key that is not known here, not shown', expected: quoteAdvice }
  }
  const expected = near === undefined ? `one of ${siblings.join(', ')}` : `did you mean \`${near}\`?`
  return { place, path, found: 'a key that is not known here', expected }
}

const quoteAdvice = 'a known key; within { } and [ ] a text that holds a comma stands in quotes'
