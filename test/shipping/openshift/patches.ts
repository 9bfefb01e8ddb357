import { isMap, isSame } from './api-object.ts'

/**
 * Lists whose items are merged by a key rather than replaced as a whole, as Kubernetes declares it in `patchMergeKey` and `x-kubernetes-list-map-keys` of
 * the types that we ship. `ports` of a Service has `port`, of a container `containerPort`.
 */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['containerPort', 'port'],
  topologySpreadConstraints: ['topologyKey'],
  ownerReferences: ['uid'],
}

/** RFC 7396, which clients send for kinds that they do not know: null deletes, lists are replaced. */
export function mergePatch(current: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const result = isMap(current) ? { ...current } : {}
  for (const [key, value] of Object.entries(patch))
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  return result
}

/** Kubernetes' own patch: as RFC 7396, but lists of named items are merged, and `$` keys say what is deleted and in which order the rest stands. */
export function strategicPatch(current: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  if (patch['$patch'] === 'replace') return withoutDirectives(patch)
  const result = isMap(current) ? { ...current } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    if (value === null) delete result[key]
    else result[key] = patchField(key, result[key], value, patch[`$setElementOrder/${key}`])
  }
  const retained = patch['$retainKeys']
  if (Array.isArray(retained))
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key]
  return result
}

function patchField(key: string, current: unknown, value: unknown, order: unknown): unknown {
  const by = mergeKeyOf(key, value)
  if (by === undefined) return strategicPatch(current, value)
  let items = Array.isArray(current) ? current.filter(isMap) : []
  for (const item of itemsOf(value)) {
    const isIt = (each: Record<string, unknown>): boolean => isSame(each[by], item[by])
    if (item['$patch'] === 'delete') items = items.filter((each) => !isIt(each))
    else if (items.some(isIt))
      items = items.map((each) => (isIt(each) ? asItem(strategicPatch(each, item)) : each))
    else items = [...items, withoutDirectives(item)]
  }
  return inOrder(items, by, order)
}

function inOrder(items: Record<string, unknown>[], by: string, order: unknown): unknown[] {
  const wanted = itemsOf(order).map((item) => JSON.stringify(item[by]))
  const place = (item: Record<string, unknown>): number => {
    const found = wanted.indexOf(JSON.stringify(item[by]))
    return found === -1 ? wanted.length : found
  }
  return items.toSorted((a, b) => place(a) - place(b))
}

/**
 * Server-side apply by one field manager: what it applied before and no longer does goes, what it applies now is set, and what others set stays. `before`
 * is undefined the first time.
 */
export function applyPatch(current: unknown, before: unknown, applied: unknown): unknown {
  return strategicPatch(removeGone(current, before, applied), applied)
}

function removeGone(current: unknown, before: unknown, applied: unknown): unknown {
  if (!isMap(current) || !isMap(before) || !isMap(applied)) return current
  const result = { ...current }
  for (const [key, old] of Object.entries(before)) {
    if (!(key in applied)) delete result[key]
    else result[key] = removeGoneField(key, result[key], old, applied[key])
  }
  return result
}

function removeGoneField(key: string, current: unknown, old: unknown, applied: unknown): unknown {
  const by = mergeKeyOf(key, applied)
  if (by === undefined) return removeGone(current, old, applied)
  const find = (list: unknown, id: unknown): Record<string, unknown> | undefined =>
    itemsOf(list).find((each) => isSame(each[by], id))
  return itemsOf(current).flatMap((item) => {
    const was = find(old, item[by])
    const is = find(applied, item[by])
    if (was !== undefined && is === undefined) return []
    return [removeGone(item, was, is)]
  })
}

function mergeKeyOf(key: string, list: unknown): string | undefined {
  if (!Array.isArray(list)) return undefined
  return mergeKeys[key]?.find((by) => list.every((item) => isMap(item) && by in item))
}

function itemsOf(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isMap) : []
}

function asItem(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {}
}

function withoutDirectives(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([key]) => !key.startsWith('$')))
}
