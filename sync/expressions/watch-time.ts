import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'

export type TimeWatch = {
  /** `steps`: the counter of the realm. */
  start(context: QuickJSContext, steps: QuickJSHandle): void
  begin(): void
  tookTooLong(): boolean
  /** The same function, whose time does not count: also until what it promises is there. */
  excusing<Given extends unknown[], Result>(act: (...given: Given) => Result): (...given: Given) => Result
}

/**
 * Interrupts an expression that runs too long. Many are evaluated in one call, so the realm counts them in `steps`: time begins anew when that has moved.
 * QuickJS asks every few thousand operations, in regular expressions too.
 */
export function watchTime(milliseconds: number): TimeWatch {
  let step = -1
  let since = cpuTime()
  let interrupted = false
  return {
    start(context, steps) {
      context.runtime.setInterruptHandler(() => {
        const now = cpuTime()
        const current = readCounter(context, steps)
        if (current !== step) since = now
        step = current
        interrupted = now - since > milliseconds
        return interrupted
      })
    },
    begin() {
      since = cpuTime()
      interrupted = false
    },
    tookTooLong: () => interrupted,
    excusing:
      (act) =>
      (...given) => {
        const began = cpuTime()
        const excuse = (): void => void (since += cpuTime() - began)
        let result
        try {
          result = act(...given)
          return result
        } finally {
          if (result instanceof Promise) result.then(excuse, excuse)
          else excuse()
        }
      },
  }
}

/** Milliseconds that this thread has worked: on a machine that is busy with others, or in a container that is held back, a script is not slow. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

function readCounter(context: QuickJSContext, handle: QuickJSHandle): number {
  // A copy each time: the memory moves when it grows.
  const lifetime = context.getArrayBuffer(handle)
  const counter = new DataView(lifetime.value.buffer, lifetime.value.byteOffset).getInt32(0, true)
  lifetime.dispose()
  return counter
}
