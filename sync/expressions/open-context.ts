import {
  newQuickJSAsyncWASMModuleFromVariant,
  newQuickJSWASMModuleFromVariant,
  type QuickJSAsyncContext,
  type QuickJSContext,
} from 'quickjs-emscripten-core'

export type Limits = { readonly milliseconds: number; readonly bytes: number }

// QuickJS counts its own stack; V8's is under it and ends later.
const stackBytes = 256 * 1024

/** A bare context: JavaScript and nothing else. Each has a WebAssembly instance of its own, so that one that broke takes nothing with it. */
export async function openContext({ bytes }: Limits): Promise<QuickJSContext> {
  const module = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'))
  return limited(module.newContext(), bytes)
}

/** One whose scripts can wait for what the host promises, as if it were there. Half as fast. */
export async function openWaitingContext({ bytes }: Limits): Promise<QuickJSAsyncContext> {
  const module = await newQuickJSAsyncWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-asyncify'))
  return limited(module.newContext(), bytes)
}

function limited<Context extends QuickJSContext>(context: Context, bytes: number): Context {
  context.runtime.setMemoryLimit(bytes)
  context.runtime.setMaxStackSize(stackBytes)
  return context
}
