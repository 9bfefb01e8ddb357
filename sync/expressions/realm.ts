import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
} from 'quickjs-emscripten-core'

import type { Host } from './host.ts'
import { lend } from './lend.ts'
import type { Prepared } from './prepare.ts'
import { realmFile } from './realm-files.ts'
import { watchTime } from './watch-time.ts'

/** What runs in every realm of a task. */
export type Program = {
  readonly includes: readonly { readonly name: string; readonly code: string }[]
  readonly expressions: readonly Prepared[]
  readonly settings: string
  readonly limits: { readonly milliseconds: number; readonly bytes: number }
}

/** `broken`: why it came to no end; the realm is not to be used again then. `results`: what there is, null when even that is lost. */
export type RealmAnswer = {
  readonly results: string | null
  readonly broken: 'time' | 'memory' | 'stack' | null
}
export type Realm = { evaluate(batch: string, from: number, skip: number): RealmAnswer }

// QuickJS counts its own stack; V8's is under it and ends later.
const stackBytes = 256 * 1024

/** A bare context: JavaScript and nothing else. Each has a WebAssembly instance of its own, so that one that broke takes nothing with it. */
export async function openContext(limits: Program['limits']): Promise<QuickJSContext> {
  const module = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'))
  const runtime = module.newRuntime()
  runtime.setMemoryLimit(limits.bytes)
  runtime.setMaxStackSize(stackBytes)
  return runtime.newContext()
}

/** A realm with the library, the includes and the expressions of a task. Throws what an include throws. */
export async function openRealm(program: Program, host: Host): Promise<Realm> {
  const context = await openContext(program.limits)
  const { runtime } = context
  runtime.setModuleLoader((name) => realmFile(name))
  const main = take(context, context.evalCode(realmFile('main.js'), './main.js', { type: 'module' }))
  const watch = watchTime(program.limits.milliseconds)
  // A script that waits for a directory is not a slow one.
  const lent = lend(context, { ...host, ask: watch.excusing(host.ask), read: watch.excusing(host.read) })
  watch.start(context, call(context, main, 'install', lent, context.newString(program.settings)))
  for (const { name, code } of program.includes) take(context, context.evalCode(code, name)).dispose()
  call(context, main, 'seal').dispose()
  for (const { source, result } of program.expressions) {
    const run = take(context, context.evalCode(source, 'expression'))
    call(context, main, 'define', run, context.newString(result)).dispose()
  }
  const evaluate = context.getProp(main, 'evaluate')
  return {
    evaluate(batch, from, skip) {
      watch.begin()
      try {
        const given = [context.newString(batch), context.newNumber(from), context.newNumber(skip)]
        const answer = context.callFunction(evaluate, context.undefined, given)
        for (const handle of given) handle.dispose()
        if (!answer.error) return { results: takeText(context, answer.value), broken: null }
        answer.error.dispose()
        return { results: salvage(context, main), broken: watch.tookTooLong() ? 'time' : 'memory' }
      } catch {
        // V8's own stack ended under QuickJS's: deep recursion inside a built-in function.
        return { results: salvage(context, main), broken: 'stack' }
      }
    },
  }
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

function take(context: QuickJSContext, result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
  return context.unwrapResult(result)
}

function takeText(context: QuickJSContext, handle: QuickJSHandle): string {
  const text = context.getString(handle)
  handle.dispose()
  return text
}
