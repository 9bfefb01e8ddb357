import { QuickJSAsyncContext, type QuickJSContext, type QuickJSHandle } from 'quickjs-emscripten-core'
import type { Host } from './host.ts'

/** The host as an object of the realm. */
export function lend(context: QuickJSContext, host: Host): QuickJSHandle {
  const text = (handle: QuickJSHandle | undefined): string =>
    handle === undefined ? '' : context.getString(handle)
  const number = (handle: QuickJSHandle | undefined): number =>
    handle === undefined ? Number.NaN : context.getNumber(handle)
  const functions: Record<
    Exclude<keyof Host, 'read'>,
    (...given: QuickJSHandle[]) => string | number | Uint8Array
  > = {
    ask: (entry, side, attribute) => host.ask(number(entry), number(side), text(attribute)),
    bytes: (entry, side, attribute, index) =>
      host.bytes(number(entry), number(side), text(attribute), number(index)),
    names: (entry, side) => host.names(number(entry), number(side)),
    keep: (bytes) => host.keep(copyBytes(context, bytes)),
    random: (length) => host.random(number(length)),
    hash: (algorithm, input) => host.hash(text(algorithm), text(input)),
    encrypt: (input) => host.encrypt(text(input)),
    decrypt: (input) => host.decrypt(text(input)),
    lmHash: (password) => host.lmHash(text(password)),
    ntHash: (password) => host.ntHash(text(password)),
  }
  const object = context.newObject()
  for (const [name, implementation] of Object.entries(functions)) {
    const handle = context.newFunction(name, (...given) => toHandle(context, implementation(...given)))
    context.setProp(object, name, handle)
    handle.dispose()
  }
  const { read } = host
  if (read !== null && context instanceof QuickJSAsyncContext) {
    const handle = context.newAsyncifiedFunction('read', async (request) =>
      context.newString(await read(text(request))),
    )
    context.setProp(object, 'read', handle)
    handle.dispose()
  }
  return object
}

function copyBytes(context: QuickJSContext, handle: QuickJSHandle | undefined): Uint8Array {
  if (handle === undefined) return new Uint8Array()
  const lifetime = context.getArrayBuffer(handle)
  try {
    return Uint8Array.from(lifetime.value)
  } finally {
    lifetime.dispose()
  }
}

function toHandle(context: QuickJSContext, given: string | number | Uint8Array): QuickJSHandle {
  if (typeof given === 'string') return context.newString(given)
  return typeof given === 'number'
    ? context.newNumber(given)
    : context.newArrayBuffer(Uint8Array.from(given).buffer)
}
