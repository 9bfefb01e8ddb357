import { pathToFileURL } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { compileManifests } from './compile-manifests.ts'
import { toolsFolder } from './install-tools.ts'
import { describeManifest, modelOf, type Manifest } from './model-of.ts'
import { openshiftValidator } from './openshift-schemas.ts'

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().optional() }).optional(),
})

/** The objects of a stream of YAML documents, empty ones left out. Throws on what no API server could read. */
export function parseManifests(text: string): z.infer<typeof manifestSchema>[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw error
    const value: unknown = document.toJS()
    return value === null || value === undefined ? [] : [manifestSchema.parse(value)]
  })
}

/**
 * Every fault of the manifests, offline and strictly: keys that the kind does not have, wrong types, missing keys, values out of an enumeration. Kinds of
 * Kubernetes 1.36, OpenShift, the Gateway API, the Prometheus operator and External Secrets; of another kind it says that there is no schema.
 */
export async function validateManifests(manifests: readonly Manifest[]): Promise<string[]> {
  if (manifests.length === 0) return ['there is no manifest']
  const folder = await toolsFolder()
  const openshift = await openshiftValidator()
  const faults: string[] = []
  const modelled: { manifest: Manifest; model: string }[] = []
  for (const manifest of manifests) {
    const model = modelOf(manifest, folder)
    const found =
      openshift(manifest) ?? (model === undefined ? undefined : await modelFaults(manifest, model))
    if (found === undefined) faults.push(`${describeManifest(manifest)}: no schema for this kind`)
    else faults.push(...found)
    if (model !== undefined) modelled.push({ manifest, model })
  }
  return [...faults, ...compileManifests(modelled)]
}

type Model = new (manifest: Manifest) => { validate(): void }

async function modelFaults(manifest: Manifest, model: string): Promise<string[]> {
  const module: Record<string, Model> = await import(pathToFileURL(`${model}.js`).href)
  const Class = module[manifest.kind]
  if (Class === undefined) throw new Error(`${model}.js has no ${manifest.kind}`)
  try {
    new Class(manifest).validate()
    return []
  } catch (error) {
    return [`${describeManifest(manifest)}: ${error instanceof Error ? error.message : String(error)}`]
  }
}
