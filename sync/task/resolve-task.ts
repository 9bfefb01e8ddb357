import { readFileSync } from 'node:fs'
import type { SyncConfig } from '../../src/config/sync-schema.ts'
import type { SyncSide } from '../../src/config/sync-side-schema.ts'
import type { SyncTaskConfig } from '../../src/config/sync-task-schema.ts'
import type { TenantConfig } from '../../src/config/tenant-schema.ts'
import type { Expression } from '../expressions/expressions.ts'
import type { Clean, Dataset, LscScripting, Pivot, SideSpec, Task } from './task.ts'

/** The tasks of a tenant's configuration as the engine runs them. Those of an lsc.xml are not among them. */
export function resolveTasks({ name, sync }: Pick<TenantConfig, 'name' | 'sync'>): Task[] {
  return sync.tasks.map((task) => resolveTask(name, sync, task))
}

function resolveTask(tenant: string, sync: SyncConfig, task: SyncTaskConfig): Task {
  const at = `tasks.${task.name}`
  const { source, presence, conditions, entryName = null } = task
  const condition = (of: keyof typeof conditions): Expression | boolean => {
    const given = conditions[of]
    return typeof given === 'boolean'
      ? given
      : { code: given, place: `${at}.conditions.${of}`, result: 'condition' }
  }
  return {
    tenant,
    name: task.name,
    source: sideOf(sync, source),
    destination: sideOf(sync, task.destination),
    presence: presence === undefined ? null : sideOf(sync, { ...source, ...presence }),
    pivots: task.pivots.map((pivot, index) => pivotOf(pivot, `${at}.pivots[${index}]`)),
    entryName: entryName === null ? null : { code: entryName, place: `${at}.entryName`, result: 'text' },
    datasets: Object.entries(task.attributes).map(([attribute, dataset]) =>
      datasetOf(attribute, dataset, task, at),
    ),
    fetched: null,
    everyAttribute: task.everyAttribute,
    otherwise: { policy: task.defaultPolicy, delimiter: '', exact: false },
    conditions: {
      create: condition('create'),
      update: condition('update'),
      rename: condition('rename'),
      delete: condition('delete'),
    },
    clean: cleanOf(task.clean),
    guards: task.guards,
    ownsAccountState: task.ownsAccountState,
    compat: null,
    scripting: task.lsc === undefined ? null : scriptingOf(task.lsc),
    hooks: task.hooks,
    includes: (task.lsc ?? sync).includes.map((file) => ({ name: file, code: readFileSync(file, 'utf8') })),
    phases: { sync: true, clean: task.clean.action !== 'none' },
    when: { schedule: task.schedule ?? null, timeZone: task.timezone, follows: task.follow, next: null },
  }
}

function scriptingOf({ key, source, destination }: NonNullable<SyncTaskConfig['lsc']>): LscScripting {
  const contexts = {
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
  }
  return { key: key === undefined ? null : readFileSync(key), contexts }
}

function sideOf({ connections }: SyncConfig, side: SyncSide): SideSpec {
  const { directory, connection: name, ...options } = side
  if (directory !== undefined) return { to: { directory }, options }
  const connection = connections.find((candidate) => candidate.name === name)
  if (connection === undefined) throw new TypeError(`no connection is named ${name}`)
  return { to: { connection }, options }
}

function pivotOf(pivot: SyncTaskConfig['pivots'][number], place: string): Pivot {
  if (typeof pivot === 'string') return { source: pivot, destination: pivot, transform: null }
  const { source, destination = source, transform } = pivot
  const expression: Expression | null =
    transform === undefined ? null : { code: transform, place: `${place}.transform`, result: 'text' }
  return { source, destination, transform: expression }
}

function datasetOf(
  attribute: string,
  dataset: SyncTaskConfig['attributes'][string],
  { defaultPolicy }: SyncTaskConfig,
  task: string,
): Dataset {
  const at = `${task}.attributes.${attribute}`
  const { policy = defaultPolicy, from = attribute, value, delimiter = '', exact, references } = dataset
  const list = (of: 'force' | 'create' | 'default'): readonly Expression[] | null => {
    const given = dataset[of]
    return given === undefined
      ? null
      : [given].flat().map((code): Expression => ({ code, place: `${at}.${of}`, result: 'values' }))
  }
  return {
    attribute,
    policy,
    from:
      value === undefined
        ? { attribute: from }
        : { expression: { code: value, place: `${at}.value`, result: 'values' } },
    force: list('force'),
    create: list('create'),
    default: list('default'),
    exact,
    delimiter,
    references: references === undefined ? null : [references].flat(),
  }
}

function cleanOf(clean: SyncTaskConfig['clean']): Clean | null {
  switch (clean.action) {
    case 'none':
      return null
    case 'delete':
      return clean
    case 'disable':
      return { action: 'disable', deleteAfterDays: clean.deleteAfterDays ?? null }
    case 'move':
      return { action: 'move', to: clean.to, deleteAfterDays: clean.deleteAfterDays ?? null }
  }
}
