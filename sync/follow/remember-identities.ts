import type { Identity } from '../../src/store/sync-state.ts'
import type { TaskAtWork } from '../run/prepare-task.ts'
import type { PlannedBurst } from './plan-burst.ts'

/** Keeps which record of the destination each of the source is, now that a burst is applied: its next rename or delete arrives by that. */
export async function rememberIdentities(
  { steps, gone }: PlannedBurst,
  { services, sides, task }: TaskAtWork,
): Promise<void> {
  const { state } = services
  const changes = steps.flatMap((step) => step.changes)
  const created = changes.filter(({ change }) => change.kind === 'create')
  const names = created.map(({ change }) => change.name)
  const records = names.length === 0 ? [] : await sides.destination.rereadNamed(names, [])
  const idOf = new Map(records.map((record) => [record.name, record.id]))
  const { sameName } = sides.destination.comparison
  const identities = changes.flatMap(({ change, source, destination, key }): Identity[] => {
    const named = idOf.get(change.name) ?? records.find((record) => sameName(record.name, change.name))?.id
    const destinationId = destination?.id ?? (change.kind === 'create' ? named : undefined)
    if (source === null || destinationId === undefined) return []
    return [{ sourceId: source.id, sourceName: source.name, destinationId, key }]
  })
  const matched = steps
    .flatMap((step) => step.matched ?? [])
    .flatMap(({ source, destination, key }): Identity[] =>
      destination === null
        ? []
        : [{ sourceId: source.id, sourceName: source.name, destinationId: destination.id, key }],
    )
  await state.setIdentities(task.tenant, task.name, [...matched, ...identities])
  if (gone.length > 0) await state.removeIdentities(task.tenant, task.name, gone)
}
