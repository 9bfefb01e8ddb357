/** The most that a profile may ask of a cluster, while a new version is rolled out; CPU in cores, memory as Kubernetes writes it. */
export type Budget = { pods: number; cpu: number; memory: string; memoryLimits: string }

/**
 * Ours alone. The database, its replicas and the cache come on top, by their operators: the quotas in components/quota and quota-small have room for both.
 */
export const profiles = {
  small: { pods: 5, cpu: 0.5, memory: '1Gi', memoryLimits: '2Gi' },
  standard: { pods: 7, cpu: 2, memory: '2Gi', memoryLimits: '4Gi' },
} as const satisfies Record<string, Budget>
