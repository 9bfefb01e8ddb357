import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parseManifests } from './tools/validate-manifests.ts'
import { helm4 } from './tools.ts'

const run = promisify(execFile)

export const chart = fileURLToPath(new URL('../../charts/idaas', import.meta.url))

/** Examples of values that come with the chart. */
export const examples = ['openshift', 'kubernetes', 'everything'] as const
export type Example = (typeof examples)[number]

export function valuesFile(example: Example): string {
  return `${chart}/ci/${example}-values.yaml`
}

/** What helm prints; its complaint is in the error that is thrown. Nothing of the caller's own helm is read. */
export async function runHelm(helm: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: '/nonexistent' }
  const { stdout } = await run(helm, [...args], { env, maxBuffer: 50_000_000 })
  return stdout
}

/** The manifests of a release "acme" in the namespace "identity", as YAML. */
export async function renderText(
  example: Example,
  args: readonly string[] = [],
  helm?: string,
): Promise<string> {
  const release = ['template', 'acme', chart, '--namespace', 'identity', '--values', valuesFile(example)]
  return await runHelm(helm ?? (await helm4()), [...release, ...args])
}

export type Rendered = ReturnType<typeof parseManifests>[number]

/** The same as objects. */
export async function render(example: Example, ...args: readonly string[]): Promise<Rendered[]> {
  return parseManifests(await renderText(example, args))
}
