import { formatPlace, type ConfigFault, type ConfigWarning, type Path } from './config-fault.ts'
import { checks, references, uniques, type Reference, type Unique } from './cross-checks.ts'
import { describeFound } from './describe-found.ts'
import { hostNameOf } from './host-name.ts'
import { findAll, nodeAt, placeOf, plainValue, type MapNode } from './source-tree.ts'

type Checked = { faults: ConfigFault[]; warnings: ConfigWarning[] }

/** What is wrong between values that each have the right form. References are left out when not all of the configuration was read. */
export function crossCheck(root: MapNode, isWhole: boolean): Checked {
  const checked = runChecks(root)
  const pairs = [
    ...uniques.flatMap((unique) => duplicates(root, unique)),
    ...(isWhole ? references.flatMap((reference) => dangling(root, reference)) : []),
  ]
  return { faults: [...pairs, ...checked.faults], warnings: checked.warnings }
}

function duplicates(root: MapNode, unique: Unique): ConfigFault[] {
  const first = new Map<string, Path>()
  return unique.among
    .flatMap((pattern) => findAll(root, pattern))
    .flatMap((path) => {
      const text = textAt(root, path)
      const compared = text && unique.hosts ? hostNameOf(URL.parse(text)?.host || text) : text
      if (compared === undefined) return []
      // The second step of a tenant's path is its place in the list.
      const key = unique.within === 'tenant' ? `${path[1]} ${compared}` : compared
      const other = first.get(key)
      if (other === undefined) {
        first.set(key, path)
        return []
      }
      return [faultAt(root, path, `another one: this is also at ${formatPlace(placeOf(root, other))}`)]
    })
}

function dangling(root: MapNode, { at, to, what }: Reference): ConfigFault[] {
  return findAll(root, at).flatMap((path) => {
    const name = textAt(root, path)
    const known = findAll(root, to)
      .filter((target) => target[1] === path[1])
      .map((target) => textAt(root, target))
    if (name === undefined || known.includes(name)) return []
    const names = known.filter((text) => text !== undefined)
    return [faultAt(root, path, `a ${what} of this tenant (${names.join(', ') || 'there is none'})`)]
  })
}

function runChecks(root: MapNode): Checked {
  const checked: Checked = { faults: [], warnings: [] }
  for (const { at, run } of checks) {
    for (const base of findAll(root, at)) {
      const node = nodeAt(root, base)
      for (const finding of node ? run(plainValue(node)) : []) {
        const path = [...base, ...(finding.path ?? [])]
        if ('expected' in finding) checked.faults.push(faultAt(root, path, finding.expected))
        else checked.warnings.push({ place: placeOf(root, path), path, text: finding.warning })
      }
    }
  }
  return checked
}

function faultAt(root: MapNode, path: Path, expected: string): ConfigFault {
  return { place: placeOf(root, path), path, found: describeFound(root, path), expected }
}

function textAt(root: MapNode, path: Path): string | undefined {
  const node = nodeAt(root, path)
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}
