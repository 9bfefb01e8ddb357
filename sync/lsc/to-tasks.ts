import { syncTaskSchema } from '../../src/config/sync-task-schema.ts'
import type { Expression } from '../expressions/expressions.ts'
import type { Dataset, Guards, LscScripting, Task } from '../task/task.ts'
import { checkScripts } from './check-scripts.ts'
import type { LscTask } from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import type { LscSurroundings } from './lsc-surroundings.ts'
import { slug } from './slug.ts'
import type { Phase, TaskSides } from './phase.ts'
import { taskSides } from './task-sides.ts'

export type ConvertOptions = {
  readonly tenant: string
  /** Also the clean phases, as `-c all`. */
  readonly clean: boolean
  /** `lsc`: also what LSC did wrong: values compared byte by byte, renames without the update, nothing held by a guard. */
  readonly compat: 'lsc' | null
}

export type ConvertedTask = {
  /** As the file has it. */
  readonly name: string
  readonly line: number
  /**
   * None when a note says that it cannot be run. Two when the phases look for different entries: the first ones of all tasks are to run before any of the second,
   * as LSC does.
   */
  readonly tasks: readonly Task[]
  readonly notes: readonly LscNote[]
}

/** A task of an lsc.xml as the engine runs it. */
export async function toTasks(
  given: LscTask,
  around: LscSurroundings,
  options: ConvertOptions,
): Promise<ConvertedTask> {
  const notes: LscNote[] = [...given.notes]
  const sides = given.isWhole ? await taskSides({ task: given, around, clean: options.clean, notes }) : null
  if (sides !== null && sides.written !== 'all') noteUnwritten(given, sides.written, notes)
  const tasks = sides?.phases.map((phase) => taskOf(given, phase, sides, around, options)) ?? []
  const [first] = tasks
  if (first !== undefined) notes.push(...(await checkScripts(first, given.line)))
  return {
    name: given.name,
    line: given.line,
    tasks: notes.some(({ weight }) => weight === 'cannot') ? [] : tasks,
    notes,
  }
}

function follows({ source }: LscTask): boolean {
  return source.kind === 'ldap' && source.follows !== null
}

function noteUnwritten({ options }: LscTask, written: readonly string[], notes: LscNote[]): void {
  const names = new Set(written.map((name) => name.toLowerCase()))
  for (const { name, line } of options.datasets)
    if (!names.has(name.toLowerCase()))
      notes.push({
        weight: 'ignored',
        line,
        text: `the dataset ${name} is not among the fetchedAttributes of the destination: LSC does not write it either`,
      })
}

function taskOf(
  given: LscTask,
  phase: Phase,
  sides: TaskSides,
  around: LscSurroundings,
  { tenant, compat }: ConvertOptions,
): Task {
  const { mainIdentifier, conditions, policy, delimiter, hooks } = given.options
  const place = `lsc.xml ${given.name}`
  const entryName = sides.table === null ? mainIdentifier : firstOf(sides.table.key)
  const condition = (of: keyof typeof conditions): Expression | boolean => {
    const code = conditions[of]
    if (code.trim() === 'true' || code.trim() === 'false') return code.trim() === 'true'
    return { code, place: `${place} condition ${of}`, result: 'condition' }
  }
  const includes = around.includesOf(given)
  return {
    tenant,
    ...phase,
    name: phase.phases.sync ? slug(given.name) : `${slug(given.name)}-clean`,
    fetched: sides.fetched,
    entryName:
      entryName === null ? null : { code: entryName, place: `${place} mainIdentifier`, result: 'text' },
    datasets: datasetsOf(given, sides, compat),
    everyAttribute: sides.written === 'all',
    otherwise: { policy: policies[policy], delimiter, exact: compat === 'lsc' },
    conditions: {
      create: condition('create'),
      update: condition('update'),
      rename: condition('changeId'),
      delete: condition('delete'),
    },
    clean: phase.phases.clean ? { action: 'delete', subtree: sides.subtree } : null,
    guards: guardsOf(given, compat),
    // The file says what it writes, of these too.
    ownsAccountState: true,
    compat,
    scripting: { key: around.key, contexts: contextsOf(given, includes, sides.contexts) },
    when: {
      schedule: null,
      timeZone: syncTaskSchema.shape.timezone.parse(undefined),
      follows: follows(given) && phase.phases.sync,
      next: null,
    },
    hooks: hooks.map((hook) => ({ ...hook, command: around.pathOf(hook.command) })),
    includes,
  }
}

const policies = { FORCE: 'force', KEEP: 'keep', MERGE: 'merge' } as const

/** A column takes one value. */
function firstOf(attribute: string): string {
  return `srcBean.getDatasetFirstValueById(${JSON.stringify(attribute)})`
}

function datasetsOf(
  { name: task, options }: LscTask,
  { written, table }: TaskSides,
  compat: 'lsc' | null,
): Dataset[] {
  const given = new Map(options.datasets.map((dataset) => [dataset.name.toLowerCase(), dataset]))
  const names = written === 'all' ? options.datasets.map(({ name }) => name) : written
  const distinct = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()]
  return distinct.map((attribute) => {
    const dataset = given.get(attribute.toLowerCase())
    const values = (of: 'forceValues' | 'createValues' | 'defaultValues'): readonly Expression[] | null =>
      dataset?.[of]?.map((code) => ({
        code,
        place: `lsc.xml ${task} ${attribute} ${of}`,
        result: 'values',
      })) ?? null
    const first = {
      code: firstOf(attribute),
      place: `lsc.xml ${task} ${attribute}`,
      result: 'values',
    } as const
    return {
      attribute: table?.columns.get(attribute) ?? attribute,
      policy: policies[dataset?.policy ?? options.policy],
      from: table === null ? { attribute } : { expression: first },
      force: values('forceValues'),
      create: values('createValues'),
      default: values('defaultValues'),
      exact: compat === 'lsc',
      delimiter: dataset?.delimiter ?? options.delimiter,
      references: null,
    }
  })
}

function guardsOf({ errorIfEmptySource }: LscTask, compat: 'lsc' | null): Guards {
  const usual = syncTaskSchema.shape.guards.parse(undefined)
  const open = { deletes: 0, deleteShare: 1, changeShare: 1, shrink: 1 }
  return { ...usual, ...(compat === 'lsc' && open), allowEmptySource: !errorIfEmptySource }
}

/** Only sides that scripts read are opened for them: those scripts are half as fast. */
function contextsOf(
  { options }: LscTask,
  includes: Task['includes'],
  contexts: TaskSides['contexts'],
): LscScripting['contexts'] {
  const { mainIdentifier, conditions, transformations, datasets } = options
  const scripts = [
    mainIdentifier ?? '',
    ...Object.values(conditions),
    ...transformations.map(({ script }) => script),
    ...datasets.flatMap(({ forceValues, createValues, defaultValues }) =>
      [forceValues, createValues, defaultValues].flatMap((values) => values ?? []),
    ),
    ...includes.map(({ code }) => code),
  ].join('\n')
  const reads = (names: RegExp): boolean => names.test(scripts)
  const { source, destination } = contexts
  return {
    ...(source !== undefined && reads(/(?<![.\w])srcLdap\b/) && { source }),
    ...(destination !== undefined &&
      reads(/(?<![.\w])(?:ldap|LDAP|SequencesFactory)\b(?!:)/) && { destination }),
  }
}
