import type { Path, Place } from './config-fault.ts'

/**
 * Configuration as it was written: values that know their place. Files are merged and keys moved in this form, so that a fault
 * found at the end still names the line where it began.
 */
export type SourceNode = MapNode | ListNode | ScalarNode
export type MapNode = { kind: 'map'; place: Place; entries: Map<string, MapEntry> }
export type MapEntry = { place: Place; node: SourceNode }
export type ListNode = { kind: 'list'; place: Place; items: SourceNode[] }
export type ScalarNode = {
  kind: 'scalar'
  place: Place
  value: string | number | boolean | null
  /** The text before substitution, where one was done: the only form of the value that may be shown. */
  written?: string
}

/** The same without places. An empty key (`clients:`) counts as absent, so that all of a list can be commented out. */
export function plainValue(node: SourceNode): unknown {
  if (node.kind === 'list') return node.items.map(plainValue)
  if (node.kind === 'scalar') return node.value
  const entries = [...node.entries].map(([key, { node: child }]) => [
    key,
    isEmpty(child) ? undefined : plainValue(child),
  ])
  return Object.fromEntries(entries)
}

/** Whether a key stands there without a value. */
export function isEmpty(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** What stands at the path; undefined for nothing. */
export function nodeAt(root: SourceNode, path: Path): SourceNode | undefined {
  let node: SourceNode | undefined = root
  for (const step of path) {
    if (node?.kind === 'map' && typeof step === 'string') node = node.entries.get(step)?.node
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step]
    else return undefined
  }
  return node
}

/** Where to send the reader for a path: the value; where there is none, the nearest thing around it. */
export function placeOf(root: SourceNode, path: Path): Place {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(root, path.slice(0, length))
    if (node) return node.place
  }
  return root.place
}

/** Where the last key of the path is written, for faults of the key and not of its value. */
export function keyPlaceOf(root: SourceNode, path: Path): Place {
  const parent = nodeAt(root, path.slice(0, -1))
  const key = path.at(-1)
  const entry = parent?.kind === 'map' && typeof key === 'string' ? parent.entries.get(key) : undefined
  return entry?.place ?? placeOf(root, path)
}

/** The paths that a pattern names: `tenants[].uses.*[].base`, where `[]` is every item of a list and `*` every key of a map. */
export function findAll(root: SourceNode, pattern: string): Path[] {
  const steps = pattern.match(/\[\]|[^.[\]]+/g) ?? []
  return steps.reduce<Path[]>((paths, step) => paths.flatMap((path) => stepsBelow(root, path, step)), [[]])
}

function stepsBelow(root: SourceNode, path: Path, step: string): Path[] {
  const node = nodeAt(root, path)
  if (step === '[]') return node?.kind === 'list' ? node.items.map((_, index) => [...path, index]) : []
  if (node?.kind !== 'map') return []
  if (step === '*') return [...node.entries.keys()].map((key) => [...path, key])
  return node.entries.has(step) ? [[...path, step]] : []
}
