import type { Change } from '../../plan/change.ts'
import type { PlanStep } from '../../plan/plan-batch.ts'
import { ApplyFailure } from '../connector.ts'

export type Refused = { readonly name: string; readonly detail: string }

/** Does everything of a plan in its order, as a run does it; gives what was refused. */
export async function applyAll(
  steps: readonly PlanStep[],
  apply: (change: Change) => Promise<void>,
): Promise<Refused[]> {
  const ambiguous = new Set(steps.flatMap(({ withdrawn }) => withdrawn))
  const counted = steps.flatMap(({ changes }) => changes).filter(({ key }) => !ambiguous.has(key))
  const refused: Refused[] = []
  for (const { change } of counted.toSorted((one, other) => one.stage - other.stage)) {
    try {
      await apply(change)
    } catch (error) {
      if (!(error instanceof ApplyFailure)) throw error
      refused.push({ name: change.name, detail: error.message })
    }
  }
  return refused
}
