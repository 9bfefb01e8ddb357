import { formatPlace, type ConfigFault, type Path, type Place } from './config-fault.ts'
import type { SourceFile } from './read-source.ts'
import { isEmpty, type ListNode, type MapEntry, type MapNode, type SourceNode } from './source-tree.ts'

/**
 * Makes one configuration of several files. A file with the key `tenant` is a part of that tenant: its other keys are the
 * tenant's, and lists that several parts have are joined. Any other file holds keys of the configuration, where `tenants` is
 * joined. Every other key is written once; `version` may be repeated.
 */
export function mergeFiles(
  files: readonly SourceFile[],
  start: Place,
): { root: MapNode; faults: ConfigFault[] } {
  const merge = new Merge(start)
  const maps = files.flatMap(({ root }) => (root === null ? [] : merge.expectMap(root)))
  // Parts last: they may be read before the file that begins their tenant.
  for (const map of maps) if (!map.entries.has('tenant')) merge.addWhole(map)
  for (const map of maps) if (map.entries.has('tenant')) merge.addPart(map)
  return { root: merge.root, faults: merge.faults }
}

class Merge {
  readonly root: MapNode
  readonly faults: ConfigFault[] = []

  constructor(start: Place) {
    this.root = { kind: 'map', place: start, entries: new Map() }
  }

  expectMap(root: SourceNode): MapNode[] {
    if (root.kind === 'map') return [root]
    this.faults.push({ place: root.place, path: [], found: `a ${root.kind}`, expected: 'keys and values' })
    return []
  }

  addWhole(map: MapNode): void {
    for (const [key, entry] of map.entries) this.#add(this.root, [key], entry, key === 'tenants')
  }

  addPart(map: MapNode): void {
    const name = map.entries.get('tenant')?.node
    if (name?.kind !== 'scalar' || typeof name.value !== 'string') {
      const place = name?.place ?? map.place
      this.faults.push({ place, path: ['tenant'], found: 'no name', expected: 'the name of a tenant' })
      return
    }
    const { tenant, path } = this.#tenant(name, map.place)
    for (const [key, entry] of map.entries) {
      if (key === 'version') this.#add(this.root, [key], entry, false)
      else if (key !== 'tenant') this.#add(tenant, [...path, key], entry, true)
    }
  }

  #tenant(name: SourceNode, place: Place): { tenant: MapNode; path: Path } {
    const { items } = this.#tenants(place)
    for (const [index, tenant] of items.entries()) {
      const known = tenant.kind === 'map' ? tenant.entries.get('name')?.node : undefined
      if (tenant.kind === 'map' && known && sameScalar(known, name))
        return { tenant, path: ['tenants', index] }
    }
    const tenant: MapNode = {
      kind: 'map',
      place,
      entries: new Map([['name', { place: name.place, node: name }]]),
    }
    return { tenant, path: ['tenants', items.push(tenant) - 1] }
  }

  #tenants(place: Place): ListNode {
    const present = this.root.entries.get('tenants')?.node
    if (present?.kind === 'list') return present
    const tenants: ListNode = { kind: 'list', place, items: [] }
    // `tenants` that is no list is a fault of form: it stays for the schema to say so.
    if (present === undefined || isEmpty(present)) this.root.entries.set('tenants', { place, node: tenants })
    return tenants
  }

  #add(target: MapNode, path: Path, entry: MapEntry, joinLists: boolean): void {
    const key = String(path.at(-1))
    const present = target.entries.get(key)
    if (present === undefined || isEmpty(present.node)) {
      target.entries.set(key, entry)
      return
    }
    if (isEmpty(entry.node)) return
    if (joinLists && present.node.kind === 'list' && entry.node.kind === 'list') {
      present.node.items.push(...entry.node.items)
      return
    }
    if (key === 'version' && sameScalar(present.node, entry.node)) return
    const expected = `this key once; it is also at ${formatPlace(present.place)}`
    this.faults.push({ place: entry.place, path, found: `a second \`${key}\``, expected })
  }
}

function sameScalar(a: SourceNode, b: SourceNode): boolean {
  return a.kind === 'scalar' && b.kind === 'scalar' && a.value === b.value
}
