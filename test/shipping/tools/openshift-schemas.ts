import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { resolveTool } from './install-tools.ts'
import { describeManifest, type Manifest } from './model-of.ts'

type Ajv = {
  addSchema(schema: object): void
  getSchema(reference: string): Validator | undefined
}
type Validator = ((value: unknown) => boolean) & { errors?: readonly AjvError[] | null }
type AjvError = { instancePath: string; message?: string; params: { additionalProperty?: string } }

const definition = z.looseObject({
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.looseObject({})).optional(),
  'x-kubernetes-group-version-kind': z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .optional(),
})
const specification = z.object({ definitions: z.record(z.string(), definition) })
type Definitions = z.infer<typeof specification>['definitions']

/** Gives the faults of a manifest, or undefined when OpenShift has no such kind. */
export type OpenshiftValidator = (manifest: Manifest) => string[] | undefined

/** Validator for the kinds of OpenShift, by the API description that openshift-rest-client carries; keys that it does not know are faults. */
export async function openshiftValidator(): Promise<OpenshiftValidator> {
  const packed = readFileSync(
    await resolveTool('openshift-rest-client/lib/specs/openshift-openapi-spec.json.gz'),
  )
  const { definitions } = specification.parse(JSON.parse(gunzipSync(packed).toString()))
  const { default: module } = await import(pathToFileURL(await resolveTool('ajv')).href)
  const ajv: Ajv = new module.default({ strict: false, allErrors: true, logger: false })
  ajv.addSchema({ $id: 'openshift', definitions: withoutUnknownKeys(upToDate(definitions)) })
  const references = new Map<string, string>(
    Object.entries(definitions).flatMap(([name, { 'x-kubernetes-group-version-kind': types }]) =>
      (types ?? []).map(({ group, version, kind }) => [
        `${group}/${version} ${kind}`,
        `openshift#/definitions/${name}`,
      ]),
    ),
  )
  return (manifest) => {
    const { apiVersion, kind } = manifest
    const reference = apiVersion.includes('openshift.io/')
      ? references.get(`${apiVersion} ${kind}`)
      : undefined
    const validator = reference === undefined ? undefined : ajv.getSchema(reference)
    if (validator === undefined) return undefined
    if (validator(manifest)) return []
    return (validator.errors ?? []).map(({ instancePath, message = '', params }) =>
      `${describeManifest(manifest)}: ${instancePath} ${message} ${params.additionalProperty ?? ''}`.trimEnd(),
    )
  }
}

/** The description is that of OpenShift 4.1: what Route got since, and a status that only the cluster writes. */
function upToDate(definitions: Definitions): Definitions {
  const api = 'com.github.openshift.api'
  const route = definitions[`${api}.route.v1.Route`]
  const spec = definitions[`${api}.route.v1.RouteSpec`]
  const tls = definitions[`${api}.route.v1.TLSConfig`]
  if (route === undefined || spec === undefined || tls === undefined)
    throw new Error('no Route in the description')
  route.required = (route.required ?? []).filter((key) => key !== 'status')
  spec.properties = { ...spec.properties, httpHeaders: { type: 'object' } }
  tls.properties = {
    ...tls.properties,
    externalCertificate: { type: 'object', properties: { name: { type: 'string' } } },
    termination: { enum: ['edge', 'reencrypt', 'passthrough'] },
    insecureEdgeTerminationPolicy: { enum: ['Redirect', 'Allow', 'None', ''] },
  }
  return definitions
}

function withoutUnknownKeys(definitions: Definitions): Definitions {
  const closed = Object.entries(definitions).map(([name, each]) => [
    name,
    each.properties === undefined ? each : { additionalProperties: false, ...each },
  ])
  return Object.fromEntries(closed)
}
