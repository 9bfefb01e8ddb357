import type { ApiObject } from './api-object.ts'
import { apiObject } from './api-object.ts'
import { ApiError } from './api-error.ts'
import { apiResources, apiVersionOf, type ApiResource } from './api-resources.ts'
import type { ObjectStore } from './object-store.ts'
import { applyPatch, mergePatch, strategicPatch } from './patches.ts'
import { saveObject } from './save-object.ts'
import { selects } from './selectors.ts'

export type ApiRequest = {
  method: string
  url: URL
  contentType: string
  /** Parsed; null when there is none. */
  body: unknown
}

export type Target = { resource: ApiResource; namespace: string | undefined; name: string | undefined }

/** What an address of the API means: `/apis/apps/v1/namespaces/acme/deployments/server`. Throws NotFound for one that this double does not serve. */
export function targetOf(path: string): Target {
  const [, version, rest = ''] = /^\/(?:api|apis(?=\/[^/]+\/))\/(v1|[^/]+\/[^/]+)\/(.*)$/.exec(path) ?? []
  const parts = rest.split('/')
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2
  const [plural, name] = isNamespaced ? parts.slice(2) : parts
  const resource = apiResources.find((each) => apiVersionOf(each) === version && each.plural === plural)
  if (resource === undefined)
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
  return { resource, namespace: isNamespaced ? parts[1] : undefined, name }
}

/** Answers everything but watches and discovery. `applied` keeps what each field manager applied to each object, which server-side apply compares with. */
export function answerRequest(
  store: ObjectStore,
  applied: Map<string, unknown>,
  request: ApiRequest,
): { status: number; body: object } {
  const target = targetOf(request.url.pathname)
  const { resource, namespace, name } = target
  if (request.method === 'POST') return create(store, target, request)
  if (name === undefined) return { status: 200, body: listOf(store, target, request.url.searchParams) }
  const current = store.get(resource.kind, namespace, name)
  if (request.method === 'PATCH') return patch(store, applied, { ...target, name, current }, request)
  if (current === undefined)
    throw new ApiError(404, 'NotFound', `${resource.plural} ${JSON.stringify(name)} not found`)
  if (request.method === 'GET') return { status: 200, body: current }
  if (request.method === 'DELETE') {
    if (!isDryRun(request)) store.remove(current)
    const { uid } = current.metadata
    return {
      status: 200,
      body: { kind: 'Status', apiVersion: 'v1', status: 'Success', details: { name, uid } },
    }
  }
  const object = apiObject.parse(request.body)
  const metadata = { ...current.metadata, ...object.metadata }
  return {
    status: 200,
    body: saveObject(store, { ...object, metadata }, { isDryRun: isDryRun(request) }),
  }
}

function create(store: ObjectStore, { resource, namespace }: Target, request: ApiRequest) {
  const sent = apiObject.parse(request.body)
  const object = { ...sent, metadata: { ...sent.metadata, ...(resource.namespaced ? { namespace } : {}) } }
  const { name = '' } = object.metadata
  if (namespace !== undefined && store.get('Namespace', undefined, namespace) === undefined)
    throw new ApiError(404, 'NotFound', `namespaces ${JSON.stringify(namespace)} not found`)
  if (store.get(resource.kind, namespace, name) !== undefined)
    throw new ApiError(409, 'AlreadyExists', `${resource.plural} ${JSON.stringify(name)} already exists`)
  return { status: 201, body: saveObject(store, object, { isDryRun: isDryRun(request) }) }
}

type Patched = Target & { name: string; current: ApiObject | undefined }

function patch(
  store: ObjectStore,
  applied: Map<string, unknown>,
  { resource, namespace, name, current }: Patched,
  request: ApiRequest,
): { status: number; body: object } {
  const isApply = request.contentType.startsWith('application/apply-patch')
  if (current === undefined && !isApply)
    throw new ApiError(404, 'NotFound', `${resource.plural} ${JSON.stringify(name)} not found`)
  const manager = request.url.searchParams.get('fieldManager') ?? 'unknown'
  const key = [resource.kind, namespace, name, current?.metadata.uid, manager].join('/')
  const result = isApply
    ? applyPatch(current ?? {}, applied.get(key), request.body)
    : request.contentType.startsWith('application/merge-patch')
      ? mergePatch(current, request.body)
      : strategicPatch(current, request.body)
  const { metadata, ...rest } = apiObject.parse(result)
  const named = { ...metadata, name, ...(namespace === undefined ? {} : { namespace }) }
  const saved = saveObject(store, { ...rest, metadata: named }, { isDryRun: isDryRun(request) })
  if (isApply && !isDryRun(request))
    applied.set([resource.kind, namespace, name, saved.metadata.uid, manager].join('/'), request.body)
  return { status: current === undefined ? 201 : 200, body: saved }
}

/** The objects that a list or a watch is about. */
export function selectedBy(
  { resource, namespace }: Target,
  query: URLSearchParams,
): (object: ApiObject) => boolean {
  const isSelected = selects(query.get('labelSelector'), query.get('fieldSelector'))
  return (object) =>
    object.kind === resource.kind &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    isSelected(object)
}

function listOf(store: ObjectStore, target: Target, query: URLSearchParams): object {
  const { kind } = target.resource
  return {
    kind: `${kind}List`,
    apiVersion: apiVersionOf(target.resource),
    metadata: { resourceVersion: store.version() },
    items: store.list(kind).filter(selectedBy(target, query)),
  }
}

function isDryRun({ url }: ApiRequest): boolean {
  return url.searchParams.get('dryRun') === 'All'
}
