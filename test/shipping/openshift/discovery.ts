import { apiResources, apiVersionOf, type ApiResource } from './api-resources.ts'

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']
const apiVersions = [...new Set(apiResources.map(apiVersionOf))]

/** What clients ask before anything else: versions, groups, kinds, and the descriptions of kinds. undefined for other paths. */
export function discovery(path: string): object | undefined {
  if (path === '/version')
    return { major: '1', minor: '33', gitVersion: 'v1.33.0+double', platform: 'linux/amd64' }
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] }
  if (path === '/apis')
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: apiVersions.flatMap(describeGroup) }
  if (path === '/openapi/v3') return { paths: Object.fromEntries(apiVersions.map(describeDocument)) }
  if (path.startsWith('/openapi/v3/')) return descriptions(apiVersionIn(path.slice('/openapi/v3'.length)))
  return resourceList(apiVersionIn(path))
}

function apiVersionIn(path: string): string | undefined {
  return /^\/(?:api|apis)\/([^/]+(?:\/[^/]+)?)$/.exec(path)?.[1]
}

function describeGroup(apiVersion: string): object[] {
  const [name, version] = apiVersion.split('/')
  if (version === undefined) return []
  const both = { groupVersion: apiVersion, version }
  return [{ name, versions: [both], preferredVersion: both }]
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`
}

function describeDocument(apiVersion: string): [string, object] {
  return [rootOf(apiVersion), { serverRelativeURL: `/openapi/v3/${rootOf(apiVersion)}` }]
}

function resourcesIn(apiVersion: string | undefined): ApiResource[] {
  return apiResources.filter((resource) => apiVersionOf(resource) === apiVersion)
}

function resourceList(apiVersion: string | undefined): object | undefined {
  const resources = resourcesIn(apiVersion)
  if (resources.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersion,
    resources: resources.map(({ kind, plural, namespaced, shortNames }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      shortNames,
      verbs,
    })),
  }
}

/** No schemas: kubectl and helm only look here whether the server validates fields and knows dry runs, and then leave it to the server. */
function descriptions(apiVersion: string | undefined): object | undefined {
  const resources = resourcesIn(apiVersion)
  if (apiVersion === undefined || resources.length === 0) return undefined
  const parameters = ['fieldValidation', 'dryRun'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }))
  const paths = resources.map(({ group, version, kind, plural, namespaced }) => [
    `/${rootOf(apiVersion)}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`,
    { patch: { parameters, 'x-kubernetes-group-version-kind': { group, version, kind }, responses: {} } },
  ])
  return {
    openapi: '3.0.0',
    info: { title: 'double of OpenShift', version: '1' },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  }
}
