import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { parseQuantity } from './quantity.ts'

type Amounts = { cpu: number; memory: number }

/** What pods ask of a cluster; CPU in cores, memory in bytes. */
export type Footprint = { pods: number; requests: Amounts; memoryLimits: number; unlimited: string[] }

const amounts = z.record(z.string(), z.union([z.string(), z.number()])).default({})
const container = z.object({
  name: z.string(),
  resources: z.object({ requests: amounts, limits: amounts }).prefault({}),
})
type Resources = z.infer<typeof container>['resources']
const isDeployment = z.object({ kind: z.literal('Deployment') })
const deployment = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().default(1),
    strategy: z
      .object({ rollingUpdate: z.object({ maxSurge: z.number().default(1) }).prefault({}) })
      .prefault({}),
    template: z.object({
      spec: z.object({ containers: z.array(container), initContainers: z.array(container).default([]) }),
    }),
  }),
})

/**
 * Sums the Deployments of rendered manifests, `withSurge` as while all of them are rolled out at once. Of init containers, which run before the others, only
 * what they ask for beyond those counts. `unlimited` names the containers that have no request or no limit of memory.
 */
export function sumFootprint(manifests: string, { withSurge }: { withSurge: boolean }): Footprint {
  const total: Footprint = { pods: 0, requests: { cpu: 0, memory: 0 }, memoryLimits: 0, unlimited: [] }
  for (const document of parseAllDocuments(manifests)) {
    const object: unknown = document.toJS()
    if (!isDeployment.safeParse(object).success) continue
    const { metadata, spec } = deployment.parse(object)
    const { replicas, strategy, template } = spec
    const pods = replicas + (withSurge ? strategy.rollingUpdate.maxSurge : 0)
    const { containers, initContainers } = template.spec
    const sum = (amount: (of: Resources) => number): number =>
      pods *
      Math.max(
        containers.reduce((all, each) => all + amount(each.resources), 0),
        ...initContainers.map((each) => amount(each.resources)),
      )
    total.pods += pods
    total.requests.cpu += sum(({ requests }) => parseQuantity(requests['cpu'] ?? 0))
    total.requests.memory += sum(({ requests }) => parseQuantity(requests['memory'] ?? 0))
    total.memoryLimits += sum(({ limits }) => parseQuantity(limits['memory'] ?? 0))
    for (const { name, resources } of [...initContainers, ...containers])
      if (resources.requests['memory'] === undefined || resources.limits['memory'] === undefined)
        total.unlimited.push(`${metadata.name}/${name}`)
  }
  return total
}
