import { z } from 'zod'
import { parseQuantity } from '../../../deploy/footprint/quantity.ts'
import type { ObjectStore } from './object-store.ts'
import { podSpec, type PodSpec } from './pod-spec.ts'

const quantities = z.record(z.string(), z.union([z.string(), z.number()]))
const resources = z.looseObject({ requests: quantities.optional(), limits: quantities.optional() })
const withResources = z.looseObject({ name: z.string(), resources: resources.optional() })
const withStatus = z.looseObject({
  spec: podSpec,
  status: z.looseObject({ phase: z.string() }).optional(),
})
const quota = z.looseObject({ spec: z.looseObject({ hard: quantities }) })
const range = z.looseObject({
  spec: z.looseObject({
    limits: z.array(
      z.looseObject({
        type: z.string(),
        default: quantities.optional(),
        defaultRequest: quantities.optional(),
      }),
    ),
  }),
})

/** What this double counts; other keys of a quota are never exceeded. */
const counted = ['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory', 'pods'] as const
type Counted = (typeof counted)[number]

/** Why the quotas of the namespace refuse one more such pod, in the words of Kubernetes. */
export function quotaRefusals(store: ObjectStore, namespace: string, pod: PodSpec): string[] {
  return store.list('ResourceQuota', namespace).flatMap((object) => {
    const { hard } = quota.parse(object).spec
    const running = podsThatCount(store, namespace)
    return counted.flatMap((key) => {
      const most = hard[key]
      if (most === undefined) return []
      const wanted = amountOf(pod, key)
      if (wanted === undefined)
        return [`failed quota: ${object.metadata.name}: must specify ${key} for each container`]
      const used = running.reduce((sum, each) => sum + (amountOf(each, key) ?? 0), 0)
      return used + wanted <= parseQuantity(most)
        ? []
        : [
            `exceeded quota: ${object.metadata.name}, requested: ${key}=${wanted}, used: ${key}=${used}, limited: ${key}=${most}`,
          ]
    })
  })
}

function podsThatCount(store: ObjectStore, namespace: string): PodSpec[] {
  return store.list('Pod', namespace).flatMap((object) => {
    const { spec, status } = withStatus.parse(object)
    return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? [] : [spec]
  })
}

/** Containers run together, init containers one after the other before them: the larger counts. undefined when one does not say. */
function amountOf(pod: PodSpec, key: Counted): number | undefined {
  if (key === 'pods') return 1
  const amounts = (list: unknown[]): (number | undefined)[] =>
    list.map((each) => amountOfContainer(each, key))
  const together = amounts(pod.containers)
  const before = amounts(pod.initContainers ?? [])
  const all = [...together, ...before]
  const known = all.filter((amount) => amount !== undefined)
  if (known.length < all.length) return undefined
  const sum = together.reduce<number>((total, amount) => total + (amount ?? 0), 0)
  return Math.max(sum, ...before.map((amount) => amount ?? 0))
}

function amountOfContainer(each: unknown, key: Exclude<Counted, 'pods'>): number | undefined {
  const { requests, limits } = withResources.parse(each).resources ?? {}
  const resource = key.endsWith('cpu') ? 'cpu' : 'memory'
  const amount = key.startsWith('limits') ? limits?.[resource] : (requests?.[resource] ?? limits?.[resource])
  return amount === undefined ? undefined : parseQuantity(amount)
}

/** The pod with what the namespace's LimitRange gives to containers that do not say. */
export function limitedByRange(store: ObjectStore, namespace: string, pod: PodSpec): PodSpec {
  const limits = store
    .list('LimitRange', namespace)
    .flatMap((object) => range.parse(object).spec.limits)
    .find(({ type }) => type === 'Container')
  if (limits === undefined) return pod
  const limited = <T extends { name: string }>(each: T): T => {
    const own = withResources.parse(each).resources ?? {}
    return {
      ...each,
      resources: {
        ...own,
        requests: { ...limits.defaultRequest, ...own.requests },
        limits: { ...limits.default, ...own.limits },
      },
    }
  }
  const initContainers = pod.initContainers?.map(limited)
  return {
    ...pod,
    ...(initContainers === undefined ? {} : { initContainers }),
    containers: pod.containers.map(limited),
  }
}
