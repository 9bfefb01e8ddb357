import { compileExpressions } from '../expressions/compile.ts'
import type { ScriptDirectory } from '../expressions/expressions.ts'
import { ExpressionFaults } from '../expressions/prepare.ts'
import { tokens } from '../expressions/tokens.ts'
import { expressionsOf } from '../task/compile-task.ts'
import type { Task } from '../task/task.ts'
import type { LscNote } from './lsc-note.ts'

/** What of a task's scripts cannot be run, before any of them is: Groovy, syntax, includes that throw, classes of Java that are not there. `line`: of the task. */
export async function checkScripts(task: Task, line: number): Promise<LscNote[]> {
  const cannot = (text: string): LscNote => ({ weight: 'cannot', line, text })
  const { list } = expressionsOf(task)
  const { includes } = task
  const faults: LscNote[] = []
  try {
    const expressions = await compileExpressions(list, { includes, dialect: 'lsc', ...readsOf(task) })
    await expressions.close()
  } catch (error) {
    if (error instanceof ExpressionFaults)
      faults.push(...error.faults.map(({ place, text }) => cannot(`${place}: ${text}`)))
    else faults.push(cannot(`scriptInclude: ${error instanceof Error ? error.message : String(error)}`))
  }
  const used = list.flatMap(({ code, place }) => javaClassesIn(code).map((name) => ({ name, place })))
  const missing = await missingClasses([...new Set(used.map(({ name }) => name))])
  const unknown = used
    .filter(({ name }) => missing.has(name))
    .map(({ name, place }) => cannot(`${place}: the Java class ${name} is not available`))
  return [...faults, ...unknown]
}

function readsOf({ scripting }: Task): {
  reads?: Partial<Record<'source' | 'destination', ScriptDirectory>>
} {
  const contexts = Object.entries(scripting?.contexts ?? {})
  if (contexts.length === 0) return {}
  return { reads: Object.fromEntries(contexts.map(([side, contextDn]) => [side, empty(contextDn)])) }
}

/** Includes may read while they are loaded: there is nothing to find yet. */
function empty(contextDn: string): ScriptDirectory {
  return {
    contextDn,
    search: () => Promise.resolve([]),
    canBind: () => Promise.resolve(false),
    canBindFound: () => Promise.resolve(false),
    nextValue: () => Promise.resolve(-1),
  }
}

const named = /^(?:Packages\.)?((?:java|javax|org|com|net|sun)(?:\.[a-z]\w*)+\.[A-Z]\w*)/

function javaClassesIn(code: string): string[] {
  const list = tokens(code).filter(({ kind }) => kind !== 'space')
  return list.flatMap(({ kind, text }, index) => {
    const before = list[index - 1]?.text
    if (kind === 'word' && before !== '.') {
      const rest = list.slice(index, index + 20).map((token) => (token.kind === 'literal' ? ' ' : token.text))
      return named.exec(rest.join(''))?.[1] ?? []
    }
    const isTyped = kind === 'literal' && list[index - 2]?.text === 'type' && list[index - 4]?.text === 'Java'
    return isTyped ? text.slice(1, -1) : []
  })
}

async function missingClasses(names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const expressions = await compileExpressions(
    names.map((name) => ({
      code: `Java.type(${JSON.stringify(name)}) && "there"`,
      place: name,
      result: 'text',
    })),
    { includes: [], dialect: 'lsc' },
  )
  const wanted = names.map((_, index) => index)
  const [answer] = await expressions.evaluate([{ scope: { source: null, destination: null }, wanted }])
  await expressions.close()
  return new Set(names.filter((_, index) => 'failed' in (answer?.results[index] ?? { failed: '' })))
}
