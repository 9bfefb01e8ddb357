import { QuickJSAsyncContext, type QuickJSContext, type QuickJSHandle } from 'quickjs-emscripten-core'
import type { Host } from './host.ts'
import { lend } from './lend.ts'
import { type Limits, openContext, openWaitingContext } from './open-context.ts'
import type { Prepared } from './prepare.ts'
import { realmFile } from './realm-files.ts'
import { watchTime } from './watch-time.ts'

/** What runs in every realm of a task. */
export type Program = {
  readonly includes: readonly { readonly name: string; readonly code: string }[]
  readonly expressions: readonly Prepared[]
  readonly settings: string
  readonly limits: Limits
}

/** `broken`: why it came to no end; the realm is not to be used again then. `results`: what there is, null when even that is lost. */
export type RealmAnswer = {
  readonly results: string | null
  readonly broken: 'time' | 'memory' | 'stack' | null
}
type Result = ReturnType<QuickJSContext['evalCode']>

/** Promises its answers only where scripts wait for a directory. */
export type Realm = {
  evaluate(batch: string, from: number, skip: number): RealmAnswer | Promise<RealmAnswer>
}

/** A realm with the library, the includes and the expressions of a task. Throws what an include throws. */
export async function openRealm(program: Program, host: Host): Promise<Realm> {
  const open = host.read === null ? openContext : openWaitingContext
  const context = await open(program.limits)
  context.runtime.setModuleLoader((name) => realmFile(name))
  const main = take(context, context.evalCode(realmFile('main.js'), './main.js', { type: 'module' }))
  const watch = watchTime(program.limits.milliseconds)
  // A script that waits for a directory is not a slow one.
  const { ask, read } = host
  const lent = lend(context, {
    ...host,
    ask: watch.excusing(ask),
    read: read && watch.excusing(read),
  })
  watch.start(context, call(context, main, 'install', lent, context.newString(program.settings)))
  for (const { name, code } of program.includes) take(context, await run(context, code, name)).dispose()
  call(context, main, 'seal').dispose()
  for (const { source, result } of program.expressions) {
    const compiled = take(context, context.evalCode(source, 'expression'))
    call(context, main, 'define', compiled, context.newString(result)).dispose()
  }
  const evaluate = context.getProp(main, 'evaluate')
  const answerOf = (answer: Result): RealmAnswer => {
    if (!answer.error) return { results: takeText(context, answer.value), broken: null }
    answer.error.dispose()
    return { results: salvage(context, main), broken: watch.tookTooLong() ? 'time' : 'memory' }
  }
  // V8's own stack ended under QuickJS's: deep recursion inside a built-in function.
  const brokenStack = (): RealmAnswer => ({ results: salvage(context, main), broken: 'stack' })
  return {
    evaluate(batch, from, skip) {
      watch.begin()
      const given = [context.newString(batch), context.newNumber(from), context.newNumber(skip)]
      try {
        if (context instanceof QuickJSAsyncContext)
          return callWaiting(context, evaluate, given).then(answerOf).catch(brokenStack)
        return answerOf(context.callFunction(evaluate, context.undefined, given))
      } catch {
        return brokenStack()
      } finally {
        for (const handle of given) handle.dispose()
      }
    },
  }
}

/** Only code can wait, a function that is called cannot: the code finds it under names that are gone before any script runs. */
function callWaiting(
  context: QuickJSAsyncContext,
  evaluate: QuickJSHandle,
  given: readonly QuickJSHandle[],
): Promise<Result> {
  const names = [evaluate, ...given].map((handle, index) => {
    context.setProp(context.global, `lent-${index}`, handle)
    return `globalThis["lent-${index}"]`
  })
  const removal = names.map((name) => `delete ${name}`).join(';')
  const code = `{ const [act, ...given] = [${names.join()}]; ${removal}; act(...given) }`
  return context.evalCodeAsync(code, 'batch')
}

function run(context: QuickJSContext, code: string, name: string): Result | Promise<Result> {
  return context instanceof QuickJSAsyncContext
    ? context.evalCodeAsync(code, name)
    : context.evalCode(code, name)
}

function salvage(context: QuickJSContext, main: QuickJSHandle): string | null {
  context.runtime.removeInterruptHandler()
  context.runtime.setMemoryLimit(-1)
  try {
    return takeText(context, call(context, main, 'partial'))
  } catch {
    return null
  }
}

function call(
  context: QuickJSContext,
  main: QuickJSHandle,
  name: string,
  ...given: QuickJSHandle[]
): QuickJSHandle {
  const handle = context.getProp(main, name)
  return take(context, context.callFunction(handle, context.undefined, given))
}

function take(context: QuickJSContext, result: Result): QuickJSHandle {
  return context.unwrapResult(result)
}

function takeText(context: QuickJSContext, handle: QuickJSHandle): string {
  const text = context.getString(handle)
  handle.dispose()
  return text
}
