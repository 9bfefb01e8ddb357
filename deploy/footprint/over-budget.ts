import type { Budget } from './profiles.ts'
import { parseQuantity } from './quantity.ts'
import type { Footprint } from './sum-footprint.ts'

/** What of a footprint is above the budget, one line each; none when it is within. No pod at all is above every budget: nothing was rendered. */
export function overBudget(footprint: Footprint, budget: Budget): string[] {
  const { pods, requests, memoryLimits, unlimited } = footprint
  const rows = [
    ['pods', pods, budget.pods],
    ['CPU requests', requests.cpu, budget.cpu],
    ['memory requests', requests.memory, parseQuantity(budget.memory)],
    ['memory limits', memoryLimits, parseQuantity(budget.memoryLimits)],
  ] as const
  return [
    ...(pods === 0 ? ['there is no Deployment in what was rendered'] : []),
    ...rows.flatMap(([what, is, most]) => (is > most ? [`${what} ${is}, at most ${most}`] : [])),
    ...unlimited.map((container) => `${container} has no request or no limit of memory`),
  ]
}
