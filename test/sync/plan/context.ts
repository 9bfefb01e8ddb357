import { compileExpressions } from '../../../sync/expressions/compile.ts'
import type { Expressions } from '../../../sync/expressions/expressions.ts'
import { translateNothing } from '../../../sync/plan/references.ts'
import type { Departures, PlanContext } from '../../../sync/plan/plan-context.ts'
import { expressionsOf } from '../../../sync/task/compile-task.ts'
import { taskOf } from '../engine.ts'
import { comparison } from '../memory-sides.ts'

/** What planning needs of a task that is written as in the configuration, on a directory of which nothing is known. */
export async function planningOf(
  written: Record<string, unknown>,
  departures: Departures = new Map(),
): Promise<{ context: PlanContext; expressions: Expressions }> {
  const task = taskOf({ pivots: ['uid'], attributes: {}, ...written })
  const places = expressionsOf(task)
  const context: PlanContext = {
    task,
    expressions: places,
    comparison,
    datasets: new Map(task.datasets.map((dataset) => [dataset.attribute.toLowerCase(), dataset])),
    translate: translateNothing,
    account: null,
    departures,
  }
  return { context, expressions: await compileExpressions(places.list, { includes: [] }) }
}
