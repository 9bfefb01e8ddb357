/**
 * Sums what a rendered overlay asks of a cluster, and fails above the budget of its profile:
 *     oc kustomize . | node product/deploy/footprint/main.ts standard
 * Exit codes: 0 within the budget, 1 above it, 2 a profile that is not known.
 */
import { text } from 'node:stream/consumers'
import { overBudget } from './over-budget.ts'
import { profiles } from './profiles.ts'
import { sumFootprint, type Footprint } from './sum-footprint.ts'

const mebibyte = 2 ** 20

function describe({ pods, requests, memoryLimits }: Footprint): string {
  const memory = `${Math.ceil(requests.memory / mebibyte)} MiB`
  const limits = `${Math.ceil(memoryLimits / mebibyte)} MiB`
  return `${pods} pods, requests ${requests.cpu.toFixed(2)} CPU and ${memory}, memory limits ${limits}`
}

async function main(name: string | undefined): Promise<number> {
  const profile = name === 'small' || name === 'standard' ? profiles[name] : undefined
  if (profile === undefined) {
    process.stderr.write(`usage: oc kustomize . | node main.ts ${Object.keys(profiles).join('|')}\n`)
    return 2
  }
  const manifests = await text(process.stdin)
  const atRest = sumFootprint(manifests, { withSurge: false })
  const rolling = sumFootprint(manifests, { withSurge: true })
  const faults = overBudget(rolling, profile).map((fault) => `above the profile ${name}: ${fault}`)
  const lines = [`at rest:     ${describe(atRest)}`, `rolling out: ${describe(rolling)}`, ...faults]
  process.stdout.write(`${lines.join('\n')}\n`)
  return faults.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv[2])
