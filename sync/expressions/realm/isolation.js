/**
 * Keeps entries apart. What all of them share is frozen once the library and the includes are there; variables that a script forgot to declare are removed
 * after each entry.
 */
const declared = new Set()
/** What heirs assign over: a frozen `Error.prototype.message` would forbid giving any error a message. */
const overridden = [Object.prototype, Error.prototype]
let restored = []

/**
 * `scope`: the names that change from entry to entry, and whether scripts may make variables that nobody declared. `library`: what is shared and has no global
 * name (`shared`), and global variables that scripts may assign to, until the entry is done (`restorable`).
 */
export function sealRealm({ names, leaks }, { shared = [], restorable = {} }) {
  for (const name of Object.keys(globalThis)) declared.add(name)
  restored = Object.entries(restorable)
  const seen = new Set([globalThis])
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const { value, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, name)
    // Enumerable are the variables of includes: theirs to change.
    if (enumerable || names.includes(name)) continue
    freezeDeep(value, seen)
    if (configurable && !Object.hasOwn(restorable, name)) {
      Object.defineProperty(globalThis, name, { writable: false, configurable: false })
    }
  }
  for (const value of shared) freezeDeep(value, seen)
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
  for (const prototype of overridden) allowOverrides(prototype)
  if (!leaks) Object.preventExtensions(globalThis)
}

/** Variables of one entry, gone before the next. */
export function clearLeaks() {
  for (const [name, value] of restored) if (globalThis[name] !== value) globalThis[name] = value
  const names = Object.keys(globalThis)
  if (names.length === declared.size) return
  for (const name of names) if (!declared.has(name)) delete globalThis[name]
}

function freezeDeep(value, seen) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
  seen.add(value)
  if (ArrayBuffer.isView(value)) return
  if (!overridden.includes(value)) Object.freeze(value)
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
