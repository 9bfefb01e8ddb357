import type { FeedEvent } from '../connectors/connector.ts'
import { planBatch, type PlanStep } from '../plan/plan-batch.ts'
import { planClean } from '../plan/plan-clean.ts'
import type { SyncRecord } from '../record.ts'
import type { PreparedTask, TaskAtWork } from '../run/prepare-task.ts'
import { matchingOf } from './identity-matching.ts'

/** Which records of the source a feed has named since it last began from nothing; null: it goes on from a token, and says itself what is gone. */
export type Seen = { ids: Set<string> | null }

/** What a burst of events brings: planned, not yet written. `gone`: ids of the source whose records are gone. */
export type PlannedBurst = {
  readonly steps: readonly PlanStep[]
  readonly records: readonly SyncRecord[]
  readonly gone: readonly string[]
  /** At the end of a full refresh: how many records the source has. */
  readonly inSource: number | null
  /** Where the feed can go on once all of this is applied. */
  readonly token: string | null
}

/** Plans what a burst of events brings. Of several changes of one record the last one counts. */
export async function planBurst(
  events: readonly FeedEvent[],
  work: TaskAtWork,
  prepared: PreparedTask,
  seen: Seen,
): Promise<PlannedBurst> {
  const changed = new Map<string, SyncRecord>()
  const gone = new Set<string>()
  let token: string | null = null
  let inSource: number | null = null
  for (const event of events) {
    switch (event.type) {
      case 'restart':
        seen.ids = new Set()
        break
      case 'changed':
        seen.ids?.add(event.record.id)
        gone.delete(event.record.id)
        changed.set(event.record.id, event.record)
        break
      case 'unchanged':
        seen.ids?.add(event.id)
        break
      case 'deleted':
        changed.delete(event.id)
        gone.add(event.id)
        break
      case 'rest-is-gone':
        for await (const id of work.services.state.allSourceIds(work.task.tenant, work.task.name))
          if (seen.ids?.has(id) === false) gone.add(id)
        inSource = seen.ids?.size ?? null
        seen.ids = null
        break
      case 'token':
        token = event.token
    }
  }
  const records = [...changed.values()]
  const steps: PlanStep[] = []
  if (records.length > 0) {
    const matching = await matchingOf(records, work, prepared)
    steps.push(await planBatch(records, prepared.context, prepared.expressions, matching))
  }
  if (gone.size > 0) {
    const stays = steps.flatMap(({ matched = [] }) =>
      matched.flatMap(({ destination }) => destination?.id ?? []),
    )
    steps.push(await planDepartures({ gone, stays }, work, prepared))
  }
  return { steps, records, gone: [...gone], inSource, token }
}

/**
 * What was never matched by this task is not its to remove, nor is what another record of the source is by now: who is made anew there keeps the record of the
 * destination. Where something else says who is present, only a whole run can tell.
 */
async function planDepartures(
  { gone, stays }: { gone: ReadonlySet<string>; stays: readonly string[] },
  work: TaskAtWork,
  prepared: PreparedTask,
): Promise<PlanStep> {
  const { services, sides, task } = work
  const { state } = services
  const identities = await state.identities(task.tenant, task.name, [...gone])
  const left = new Set([...identities.values()].map(({ destinationId }) => destinationId))
  for (const id of stays) left.delete(id)
  for (const { sourceId, destinationId } of await state.identitiesOf(task.tenant, task.name, [...left]))
    if (!gone.has(sourceId)) left.delete(destinationId)
  const records =
    left.size === 0 || !task.phases.clean || task.presence !== null
      ? []
      : await sides.destination.reread([...left], prepared.wanted.destination)
  return await planClean(records, prepared.context, prepared.expressions, services.clock())
}
