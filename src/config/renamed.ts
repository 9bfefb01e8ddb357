import { formatPath, type ConfigFault, type ConfigWarning, type Path } from './config-fault.ts'
import { findAll, keyPlaceOf, nodeAt, type MapEntry, type MapNode, type SourceNode } from './source-tree.ts'

/** A key that got another name or place in version `since`. `[]` stands for every item, and for the same one in `to`. */
export type Renamed = { from: string; to: string; since: string }

/** Each entry stays for two releases, then goes: its key is refused from then on. */
export const renamedKeys: readonly Renamed[] = []

/** Moves values from old keys to their successors, in place. A key given under both names is a fault. */
export function moveRenamed(
  root: MapNode,
  table: readonly Renamed[],
): { faults: ConfigFault[]; warnings: ConfigWarning[] } {
  const faults: ConfigFault[] = []
  const warnings: ConfigWarning[] = []
  for (const renamed of table) {
    for (const path of findAll(root, renamed.from)) {
      const place = keyPlaceOf(root, path)
      const successor = successorOf(path, renamed.to)
      const entry = removeAt(root, path)
      if (nodeAt(root, successor)) {
        const found = `both this key and its successor \`${formatPath(successor)}\``
        faults.push({ place, path, found, expected: `\`${formatPath(successor)}\` only` })
      } else if (entry && putAt(root, successor, entry)) {
        const text = `renamed in version ${renamed.since}: write \`${formatPath(successor)}\``
        warnings.push({ place, path, text })
      }
    }
  }
  return { faults, warnings }
}

function successorOf(path: Path, to: string): Path {
  const indexes = path.filter((step) => typeof step === 'number')
  const steps = to.match(/\[\]|[^.[\]]+/g) ?? []
  return steps.map((step) => (step === '[]' ? (indexes.shift() ?? 0) : step))
}

function removeAt(root: MapNode, path: Path): MapEntry | undefined {
  const parent = nodeAt(root, path.slice(0, -1))
  const key = String(path.at(-1))
  if (parent?.kind !== 'map') return undefined
  const entry = parent.entries.get(key)
  parent.entries.delete(key)
  return entry
}

/** Maps on the way that are not there yet are made. False where something else is in the way: the schema says so. */
function putAt(root: MapNode, path: Path, entry: MapEntry): boolean {
  let node: SourceNode | undefined = root
  for (const step of path.slice(0, -1)) {
    if (node?.kind === 'map' && typeof step === 'string' && !node.entries.has(step)) {
      node.entries.set(step, {
        place: entry.place,
        node: { kind: 'map', place: entry.place, entries: new Map() },
      })
    }
    node = node && nodeAt(node, [step])
  }
  if (node?.kind !== 'map') return false
  node.entries.set(String(path.at(-1)), entry)
  return true
}
