import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const chartFile = z.object({
  apiVersion: z.string(),
  kubeVersion: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
})

/**
 * The rules of Red Hat's chart-verifier (profile partner, v1.3) that need neither network nor cluster, in our own words after its documentation. Not its own
 * verdict: `images-are-certified` and `chart-testing` are left out, and it alone certifies. Gives the names of the rules that are broken.
 */
export function brokenRules(chart: string): string[] {
  const has = (name: string): boolean => existsSync(join(chart, name))
  const templates = globSync('templates/**/*.{yaml,tpl}', { cwd: chart })
  const texts = templates.map((name) => readFileSync(join(chart, name), 'utf8'))
  const { apiVersion, kubeVersion, annotations } = chartFile.parse(
    parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')),
  )
  const rules = {
    'is-helm-v3': apiVersion === 'v2',
    'has-readme': has('README.md'),
    'contains-test': templates.some((name) => name.startsWith('templates/tests/')),
    'contains-values': has('values.yaml'),
    'contains-values-schema': has('values.schema.json'),
    'has-kubeversion': kubeVersion !== undefined,
    'not-contains-crds': !has('crds') && !texts.some((text) => text.includes('CustomResourceDefinition')),
    'not-contain-csi-objects': !texts.some((text) => text.includes('CSIDriver')),
    'required-annotations-present': annotations['charts.openshift.io/name'] !== undefined,
    'has-notes': has('templates/NOTES.txt'),
  }
  return Object.entries(rules).flatMap(([name, isKept]) => (isKept ? [] : [name]))
}
