import { compileExpressions } from '../expressions/compile.ts'
import type { Expressions, Surface } from '../expressions/expressions.ts'
import { accountAttributes } from '../plan/account-attributes.ts'
import type { PlanContext } from '../plan/plan-context.ts'
import { expressionsOf, wantedAttributes, type WantedAttributes } from '../task/compile-task.ts'
import type { SyncRecord } from '../record.ts'
import type { Task } from '../task/task.ts'
import type { Sides } from './open-sides.ts'
import { readReferences } from './read-references.ts'
import type { SyncServices } from './sync-services.ts'

/** A task with its sides open. */
export type TaskAtWork = {
  readonly task: Task
  readonly sides: Sides
  readonly services: SyncServices
  readonly signal: AbortSignal
}

/** What of it preparing needs: a mapping is also tried without a database. */
export type Preparing = Omit<TaskAtWork, 'services'> & {
  readonly services: Pick<SyncServices, 'openSides' | 'taskNamed'> & {
    readonly state: Pick<SyncServices['state'], 'departures'>
  }
}

/** What every way of planning needs: a whole run, one entry, the changes since a token. */
export type PreparedTask = {
  readonly context: PlanContext
  readonly expressions: Expressions
  readonly wanted: WantedAttributes
  /** What this task has moved away: no search of the destination's base finds it. Read when it is asked for. */
  readonly away: () => Promise<readonly SyncRecord[]>
}

/** Compiles a task's expressions and reads what they and its references need. The caller closes `expressions`. */
export async function prepareTask(work: Preparing): Promise<PreparedTask> {
  const { task, sides, services } = work
  const places = expressionsOf(task)
  const expressions = await compileExpressions(places.list, surfaceOf(task, sides))
  const wanted = wantedAttributes(task)
  try {
    const context: PlanContext = {
      task,
      expressions: places,
      comparison: sides.destination.comparison,
      datasets: new Map(task.datasets.map((dataset) => [dataset.attribute.toLowerCase(), dataset])),
      translate: await readReferences(work, { expressions, wanted, places }),
      account:
        task.ownsAccountState || sides.accountKind === null ? null : accountAttributes[sides.accountKind],
      departures: await services.state.departures(task.tenant, task.name),
    }
    return { context, expressions, wanted, away: awayOf(work, context.departures, wanted) }
  } catch (error) {
    await expressions.close()
    throw error
  }
}

/** The same with the references read again: entries have come and gone since. */
export async function withReferencesOfNow(prepared: PreparedTask, work: Preparing): Promise<PreparedTask> {
  const { context, expressions, wanted } = prepared
  const translate = await readReferences(work, { expressions, wanted, places: context.expressions })
  return { ...prepared, context: { ...context, translate } }
}

/** The same with who has left and come back by now: a task that is followed goes on for long. */
export async function withDeparturesOfNow(
  prepared: PreparedTask,
  work: Pick<Preparing, 'task' | 'sides' | 'services'>,
): Promise<PreparedTask> {
  const { task, services } = work
  const departures = await services.state.departures(task.tenant, task.name)
  const context = { ...prepared.context, departures }
  return { ...prepared, context, away: awayOf(work, departures, prepared.wanted) }
}

function awayOf(
  { task, sides }: Pick<Preparing, 'task' | 'sides'>,
  departures: PlanContext['departures'],
  wanted: WantedAttributes,
): PreparedTask['away'] {
  const ids = task.clean?.action === 'move' ? [...departures.keys()] : []
  let reading: Promise<readonly SyncRecord[]> | undefined
  return () => {
    if (ids.length === 0) return Promise.resolve([])
    return (reading ??= sides.destination.reread(ids, wanted.destination))
  }
}

function surfaceOf({ includes, scripting }: Task, { scripts }: Sides): Surface {
  if (scripting === null) return { includes }
  const reads = Object.keys(scripts).length > 0 ? { reads: scripts } : {}
  const key = scripting.key === null ? {} : { lscKey: scripting.key }
  return { includes, dialect: 'lsc', ...reads, ...key }
}
