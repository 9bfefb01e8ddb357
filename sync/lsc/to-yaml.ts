import { stringify } from 'yaml'
import type { SyncConnection } from '../../src/config/sync-connection-schema.ts'
import type { Expression } from '../expressions/expressions.ts'
import { expressionsOf } from '../task/compile-task.ts'
import type { Dataset, SideSpec, Task } from '../task/task.ts'
import type { LscNote } from './lsc-note.ts'
import type { OpenedLsc } from './open-lsc.ts'
import { bothFilters } from './invert-filter.ts'
import { areSamePivots } from './to-pivots.ts'
import { toOwnScript } from './to-own-script.ts'
import type { ConvertedTask } from './to-tasks.ts'

/** `passwordOf`: what stands in the place of a connection's password; those of the file are never written. */
export type YamlOptions = {
  readonly passwordOf: (connection: string) => string
  /** Of `SecurityUtils`, as the file names it. */
  readonly keyfile: string | undefined
}

/** The tree `sync` of our configuration that does what an lsc.xml does, as YAML, and what is different from the file in it. */
export function toYaml(
  { converted }: Pick<OpenedLsc, 'converted'>,
  { passwordOf, keyfile }: YamlOptions,
): { yaml: string; notes: LscNote[] } {
  const notes: LscNote[] = []
  const sides = converted.flatMap(({ tasks }) => tasks).flatMap((task) => [task.source, task.destination])
  const used = sides.flatMap(({ to }) => ('connection' in to ? to.connection : []))
  const connections = new Map(used.map((connection) => [connection.name, connection]))
  const sync = {
    connections: Array.from(connections.values(), (one) => connectionOf(one, passwordOf)),
    tasks: converted.flatMap((task) => taskOf(task, keyfile, notes) ?? []),
  }
  return { yaml: stringify({ sync }, { lineWidth: 0, aliasDuplicateObjects: false }), notes }
}

type Tree = Record<string, unknown>

function connectionOf(connection: SyncConnection, passwordOf: YamlOptions['passwordOf']): Tree {
  const { kind, name } = connection
  if (kind === 'ldap') {
    const { urls, startTls, allowCleartext, ca, bind } = connection
    const account = 'dn' in bind ? { dn: bind.dn, password: passwordOf(name) } : bind
    const flags = { ...(startTls && { startTls }), ...(allowCleartext && { allowCleartext }) }
    return { kind, name, urls, ...flags, ...(ca !== undefined && { ca }), bind: account }
  }
  if (!('url' in connection)) return { ...connection }
  const { url, user, ca } = connection
  return {
    kind,
    name,
    url,
    ...(user !== undefined && { user }),
    password: passwordOf(name),
    ...(ca !== undefined && { ca }),
  }
}

function taskOf({ line, tasks }: ConvertedTask, keyfile: string | undefined, notes: LscNote[]) {
  const [task, cleaning = task] = tasks
  if (task === undefined || cleaning === undefined) return null
  const differs = (text: string): void =>
    void notes.push({ weight: 'differs', line, text: `${task.name}: ${text}` })
  const scripts = scriptsOf(task, keyfile)
  if (scripts.foreign.length > 0)
    differs(`its scripts stay as they are (\`lsc\`), because of ${scripts.foreign.join(', ')}`)
  const { entryName, conditions, otherwise, guards, hooks } = task
  const given = Object.entries(conditions).filter(([, condition]) => condition !== true)
  return {
    name: task.name,
    source: sideOf(task.source),
    destination: sideOf(task.destination, narrower(task, cleaning)),
    ...presenceOf(task, cleaning),
    pivots: task.pivots.map(({ source, destination, transform }) =>
      source.toLowerCase() === destination.toLowerCase() && transform === null
        ? source
        : { source, destination, ...(transform !== null && { transform: scripts.text(transform) }) },
    ),
    ...(entryName !== null && { entryName: scripts.text(entryName) }),
    attributes: Object.fromEntries(
      task.datasets.map((dataset) => [dataset.attribute, datasetOf(dataset, task, scripts.text)]),
    ),
    ...(task.everyAttribute && { everyAttribute: true }),
    ...(otherwise.policy !== 'force' && { defaultPolicy: otherwise.policy }),
    ...(given.length > 0 && {
      conditions: Object.fromEntries(
        given.map(([of, condition]) => [
          of,
          typeof condition === 'boolean' ? condition : scripts.text(condition),
        ]),
      ),
    }),
    ...cleanOf(task, cleaning, differs),
    ...(guards.allowEmptySource && { guards: { allowEmptySource: true } }),
    ...(hooks.length > 0 && { hooks }),
    ...(scripts.lsc !== null && { lsc: scripts.lsc }),
    ...(task.when.follows && { follow: true }),
  }
}

function sideOf({ to, options }: SideSpec, filter = options.filter): Tree {
  const { scope: _, ...written } = options
  const connection = 'connection' in to ? to.connection.name : to.directory
  return { connection, ...written, ...(filter !== undefined && { filter }) }
}

/** A task of ours has one filter for both phases: what both of LSC's let through is brought over, and nothing else is cleaned away. */
function narrower(task: Task, cleaning: Task): string | undefined {
  const [one, other] = [task, cleaning].map(({ destination }) => destination.options.filter)
  return one === undefined || other === undefined ? one : bothFilters(one, other)
}

function presenceOf(task: Task, cleaning: Task): Tree {
  const present = cleaning === task ? task.presence : cleaning.source
  const { filter, query, key } = present?.options ?? task.source.options
  const isSame = filter === task.source.options.filter && query === task.source.options.query
  if (isSame) return {}
  return { presence: filter === undefined ? { query, key } : { filter } }
}

function cleanOf(task: Task, cleaning: Task, differs: (text: string) => void): Tree {
  const { clean } = cleaning
  if (clean === null) return {}
  if (cleaning !== task && !areSamePivots(task.pivots, cleaning.pivots)) {
    differs('its clean phase has other pivots: decide what becomes of who is gone (`clean`)')
    return {}
  }
  if (cleaning !== task) differs('both phases read what both filters of the destination let through')
  return { clean: clean.action === 'delete' && !clean.subtree ? { action: 'delete' } : clean }
}

function datasetOf(dataset: Dataset, task: Task, text: (expression: Expression) => string): Tree {
  const { policy, force, create, default: fallback, delimiter, exact, attribute } = dataset
  const list = (expressions: readonly Expression[] | null): string | string[] | undefined => {
    const [only, ...others] = expressions?.map(text) ?? []
    return only === undefined || others.length === 0 ? only : [only, ...others]
  }
  const fetched = task.fetched?.source ?? 'all'
  const computed = 'expression' in dataset.from ? text(dataset.from.expression) : undefined
  const hasSource = fetched === 'all' || fetched.includes('*') || fetched.includes(attribute.toLowerCase())
  return Object.fromEntries(
    Object.entries({
      policy: policy === task.otherwise.policy ? undefined : policy,
      // What LSC does not fetch has no value, whatever the source has.
      value: computed ?? (hasSource || force !== null ? undefined : '[]'),
      force: list(force),
      create: list(create),
      default: list(fallback),
      delimiter: delimiter === '' ? undefined : delimiter,
      exact: exact || undefined,
    }).filter(([, value]) => value !== undefined),
  )
}

type Scripts = {
  text(expression: Expression): string
  /** What says that they are LSC's; null: they are ours. */
  readonly lsc: Tree | null
  /** Places of those that kept all from being ours. */
  readonly foreign: readonly string[]
}

/** The scripts of a task: ours when every one of them can be, else all as they are. */
function scriptsOf(task: Task, key: string | undefined): Scripts {
  const { includes, scripting } = task
  const own = new Map(expressionsOf(task).list.map((each) => [each, toOwnScript(each.code)]))
  const foreign = [
    ...includes.map(({ name }) => name),
    ...[...own].flatMap(([{ place }, code]) => (code === null ? [place.replace(/^lsc\.xml \S+ /, '')] : [])),
  ]
  if (foreign.length === 0) return { text: (expression) => own.get(expression) ?? '', lsc: null, foreign }
  const lsc = {
    ...scripting?.contexts,
    ...(includes.length > 0 && { includes: includes.map(({ name }) => name) }),
    ...(key !== undefined && { key }),
  }
  return { text: ({ code }) => withoutIndent(code), lsc, foreign }
}

/** As it was before it was put into a file. */
function withoutIndent(code: string): string {
  const lines = code
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n')
  const indents = lines.slice(1).flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)]))
  const indent = Math.min(...indents)
  return lines.map((line, index) => (index === 0 ? line.trimStart() : line.slice(indent))).join('\n')
}
