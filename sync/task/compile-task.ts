import type { Expression } from '../expressions/expressions.ts'
import type { Task } from './task.ts'

/** Every expression of a task, in the order in which they are compiled, and the place of each. */
export type TaskExpressions = {
  readonly list: readonly Expression[]
  indexOf(expression: Expression): number
}

export function expressionsOf(task: Task): TaskExpressions {
  const list = new Map<Expression, number>()
  const add = (expression: Expression | boolean | null): void => {
    if (typeof expression === 'object' && expression !== null && !list.has(expression))
      list.set(expression, list.size)
  }
  add(task.entryName)
  for (const condition of Object.values(task.conditions)) add(condition)
  for (const { transform } of task.pivots) add(transform)
  for (const dataset of task.datasets) {
    if ('expression' in dataset.from) add(dataset.from.expression)
    for (const given of [dataset.force, dataset.create, dataset.default]) given?.forEach(add)
  }
  return {
    list: [...list.keys()],
    indexOf(expression) {
      const index = list.get(expression)
      if (index === undefined) throw new TypeError(`${expression.place} is not of the task ${task.name}`)
      return index
    },
  }
}

/** The lower-cased attributes that a task needs of each side: `'all'` where the task or an expression may ask for any. */
export type WantedAttributes = {
  readonly source: readonly string[] | 'all'
  readonly destination: readonly string[] | 'all'
}

export function wantedAttributes(task: Task): WantedAttributes {
  if (task.fetched !== null) return task.fetched
  const named = namedIn([...expressionsOf(task).list, ...task.includes].map(({ code }) => code).join('\n'))
  const fromSource = task.datasets.flatMap(({ from }) => ('attribute' in from ? [from.attribute] : []))
  const source = [...task.pivots.map((pivot) => pivot.source), ...fromSource]
  const written = task.datasets.map(({ attribute }) => attribute)
  const destination = [...task.pivots.map((pivot) => pivot.destination), ...written]
  return {
    source: task.everyAttribute ? 'all' : union(source, named),
    destination: task.everyAttribute ? 'all' : union(destination, named),
  }
}

/**
 * Every word of the scripts that could be the name of an attribute: servers leave out those that are none. `'all'` where a name is computed.
 */
function namedIn(code: string): readonly string[] | 'all' {
  return computesNames.test(code) ? 'all' : (code.match(/[A-Za-z][\w-]*/g) ?? [])
}

// source[name], source.all[name], srcBean.getDatasetFirstValueById(name)
const computesNames =
  /\b(?:source|destination)\s*(?:\.\s*all\s*)?\[(?!\s*['"`])|\.get(?:Dataset|Attribute)\w*\s*\(\s*[^'"\s)]/

function union(names: readonly string[], others: readonly string[] | 'all'): readonly string[] | 'all' {
  return others === 'all' ? 'all' : [...new Set([...names, ...others].map((name) => name.toLowerCase()))]
}
