/**
 * Keeps entries apart. What all of them share is frozen once the library and the includes are there; variables that a script forgot to declare are removed
 * after each entry.
 */
let declared = 0

/** `scope`: the names that change from entry to entry, and whether scripts may make variables that nobody declared. */
export function sealRealm({ names, leaks }) {
  declared = Object.keys(globalThis).length
  const seen = new Set([globalThis])
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const { value, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, name)
    // Enumerable are the variables of includes: theirs to change.
    if (enumerable || names.includes(name)) continue
    freezeDeep(value, seen)
    if (configurable) Object.defineProperty(globalThis, name, { writable: false, configurable: false })
  }
  // Reachable without a name: the prototypes of iterators, generators and async functions.
  const unnamed = [
    [].values(),
    new Map().values(),
    new Set().values(),
    ''.matchAll(/x/g),
    function* () {},
    async () => {},
    async function* () {},
  ]
  for (const value of unnamed) freezeDeep(Object.getPrototypeOf(value), seen)
  allowOverrides(Object.prototype)
  if (!leaks) Object.preventExtensions(globalThis)
}

/** Variables of one entry, gone before the next. */
export function clearLeaks() {
  const names = Object.keys(globalThis)
  if (names.length === declared) return
  for (const name of names.slice(declared)) delete globalThis[name]
}

function freezeDeep(value, seen) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
  seen.add(value)
  if (ArrayBuffer.isView(value)) return
  if (value !== Object.prototype) Object.freeze(value)
  for (const key of Reflect.ownKeys(value)) {
    const { value: inner, get, set } = Object.getOwnPropertyDescriptor(value, key)
    for (const next of [inner, get, set]) freezeDeep(next, seen)
  }
  freezeDeep(Object.getPrototypeOf(value), seen)
}

/** A frozen `Object.prototype.toString` would also forbid `Point.prototype.toString = …`: assigning to an heir defines it there. */
function allowOverrides(prototype) {
  for (const key of Reflect.ownKeys(prototype)) {
    const { value, writable } = Object.getOwnPropertyDescriptor(prototype, key)
    if (!writable) continue
    Object.defineProperty(prototype, key, {
      get: () => value,
      set(given) {
        if (this !== prototype)
          Object.defineProperty(this, key, {
            value: given,
            writable: true,
            enumerable: true,
            configurable: true,
          })
      },
    })
  }
  Object.freeze(prototype)
}
