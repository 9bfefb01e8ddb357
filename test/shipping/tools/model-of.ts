import { existsSync } from 'node:fs'
import { join } from 'node:path'

export type Manifest = {
  apiVersion: string
  kind: string
  metadata?: { name?: string | undefined } | undefined
}

/** Packages with a validator and a declaration for each kind of an API group; the rest is Kubernetes 1.36. */
const packages: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'external-secrets.io': '@kubernetes-models/external-secrets',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
}

/** The module of a kind, without extension, below the folder of the tools; undefined for a kind that none has, and for beta APIs: clusters drop those. */
export function modelOf({ apiVersion, kind }: Manifest, toolsFolder: string): string | undefined {
  const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : ''
  const name = packages[group] ?? 'kubernetes-models'
  if (name === 'kubernetes-models' && apiVersion.includes('beta')) return undefined
  const path = join(toolsFolder, 'node_modules', name, apiVersion, kind)
  return existsSync(`${path}.js`) ? path : undefined
}

export function describeManifest({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiVersion} ${kind} ${metadata?.name ?? '(no name)'}`
}
