import type { Path } from './config-fault.ts'
import { configJsonSchema, schemasAt } from './json-schema.ts'
import { isEmpty, nodeAt, type MapNode } from './source-tree.ts'

/**
 * What is written at a path, for the `found` of a fault. Only what cannot be a secret is shown: nothing at or below a key that
 * the schema marks as one, nor a URL that holds a password.
 */
export function describeFound(root: MapNode, path: Path): string {
  const node = nodeAt(root, path)
  if (!node || isEmpty(node)) return 'nothing'
  if (node.kind === 'list') return `a list of ${node.items.length}`
  if (node.kind === 'map') return 'keys and values'
  if (node.written !== undefined && /\$\{(env|file):/.test(node.written))
    return foundByReference(node.written)
  const kind = typeof node.value === 'string' ? 'a text' : `a ${typeof node.value}`
  if (isSecret(path)) return `${kind}, not shown`
  const text = JSON.stringify(node.value)
  if (typeof node.value !== 'string') return text
  // A password may have got into any URL or sentence by mistake.
  return text.length > 100 || /:\/\/[^/]*@/.test(text)
    ? `${kind} of ${node.value.length} characters, not shown`
    : text
}

function foundByReference(written: string): string {
  const [reference] = /\$\{(env|file):[^}]*\}/.exec(written) ?? []
  return `a text from ${reference}, not shown`
}

function isSecret(path: Path): boolean {
  const schema = configJsonSchema()
  return path.some((_, index) =>
    schemasAt(schema, path.slice(0, index + 1)).some(({ writeOnly }) => writeOnly),
  )
}
