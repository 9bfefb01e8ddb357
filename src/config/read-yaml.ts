import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Node,
  type YAMLError,
} from 'yaml'
import type { ConfigFault, Place } from './config-fault.ts'
import type { MapEntry, SourceNode } from './source-tree.ts'

export type YamlFile = {
  /** Null for a file with nothing but comments. */
  root: SourceNode | null
  faults: ConfigFault[]
  /** The text could not be read to its end, so that nothing can be said of what is missing. */
  broken: boolean
}

/**
 * Reads one YAML 1.2 document. Messages are our own: the library's quote the text around an error, and that may be a password
 * (`password: *hunter2`).
 */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const faults = [...document.errors, ...document.warnings].map((error) =>
    yamlFault(error, placeAt(error.pos[0])),
  )
  const broken = document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')
  const reader = new NodeReader(placeAt, (alias) => alias.resolve(document))
  const root = broken || document.contents === null ? null : reader.read(document.contents)
  return { root, faults: [...faults, ...reader.faults], broken: broken || reader.faults.length > 0 }
}

class NodeReader {
  readonly faults: ConfigFault[] = []
  readonly #placeAt: (offset: number) => Place
  readonly #resolve: (alias: Alias) => Node | undefined
  #aliases = 0

  constructor(placeAt: (offset: number) => Place, resolve: (alias: Alias) => Node | undefined) {
    this.#placeAt = placeAt
    this.#resolve = resolve
  }

  read(node: unknown): SourceNode {
    const place = this.#placeAt(startOf(node))
    if (isAlias(node)) return this.#readAlias(node, place)
    if (isSeq(node)) return { kind: 'list', place, items: node.items.map((item) => this.read(item)) }
    if (isScalar(node)) return { kind: 'scalar', place, value: scalarValue(node.value) }
    if (!isMap(node)) return { kind: 'scalar', place, value: null }
    const entries = new Map<string, MapEntry>()
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : ''
      const keyPlace = this.#placeAt(startOf(key))
      // Of a key written twice (a fault already) the first counts.
      if (entries.has(name)) continue
      const empty = { kind: 'scalar', place: keyPlace, value: null } as const
      entries.set(name, { place: keyPlace, node: value ? this.read(value) : empty })
    }
    return { kind: 'map', place, entries }
  }

  #readAlias(alias: Alias, place: Place): SourceNode {
    const target = this.#resolve(alias)
    // A thousand are no configuration but one within its own anchor, or an attempt to fill the memory.
    if (target && ++this.#aliases <= 1_000) return this.read(target)
    this.faults.push({ place, path: [], found: 'an alias (*name) without its anchor', expected: aliasAdvice })
    return { kind: 'scalar', place, value: null }
  }
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0
}

function scalarValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return typeof value === 'bigint' ? String(value) : null
}

const aliasAdvice = 'an anchor (&name) above it in the same file; a text that begins with * stands in quotes'

const explained: Partial<Record<YAMLError['code'], [found: string, expected: string]>> = {
  DUPLICATE_KEY: ['a key that this map has already', 'each key once'],
  BAD_ALIAS: ['an alias (*name) that cannot be used', aliasAdvice],
  TAB_AS_INDENT: ['a tab as indentation', 'spaces'],
  BAD_INDENT: ['a wrong indentation, or a bracket left open', 'items of one list or map below each other'],
  MULTIPLE_DOCS: ['a second document (---)', 'one document in a file'],
  BAD_SCALAR_START: ['a text that begins with a reserved character', 'quotes around it'],
  BLOCK_AS_IMPLICIT_KEY: ['a `: ` within a text', 'quotes around a text that holds a colon and a space'],
  MULTILINE_IMPLICIT_KEY: ['a line without `key: value`', 'one `key: value` on a line'],
  MISSING_CHAR: [
    'a quote, bracket or comma that is missing',
    'each of them closed, and quotes around `${...}` within [ ] or { }',
  ],
  BAD_DQ_ESCAPE: ['a backslash that escapes nothing', 'single quotes, or \\\\ for a backslash'],
  TAG_RESOLVE_FAILED: ['a tag (!name)', 'no tags; a text that begins with ! stands in quotes'],
  NON_STRING_KEY: ['a key that is no text', 'a name'],
}

function yamlFault(error: YAMLError, place: Place): ConfigFault {
  const [found, expected] = explained[error.code] ?? [`a fault of syntax (${error.code})`, 'valid YAML 1.2']
  return { place, path: [], found, expected }
}
