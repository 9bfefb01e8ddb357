/**
 * Our own view of a record: `source.sn` is the first value as text, '' without one; `source.all.mail` all of them; `source.dn` its name. A record that does
 * not exist (the destination's of an entry to be created) is one without values and with the name ''.
 */
export function recordOf(row) {
  if (row === null || row === 1) return absent
  return new Proxy(row, firstValues)
}

const allValues = {
  getPrototypeOf: () => null,
  get: (row, name) => (typeof name === 'string' ? [...row.values(name)] : undefined),
  has: (row, name) => typeof name === 'string' && row.values(name).length > 0,
  ownKeys: (row) => row.names(),
  getOwnPropertyDescriptor: (row, name) => ({
    value: row.values(name),
    enumerable: true,
    configurable: true,
  }),
  set: refuse,
}

const firstValues = {
  getPrototypeOf: () => null,
  get(row, name) {
    if (typeof name !== 'string') return undefined
    if (name === 'dn') return row.name
    if (name === 'all') return new Proxy(row, allValues)
    return row.first(name)
  },
  has: (row, name) => typeof name === 'string' && row.values(name).length > 0,
  set: refuse,
}

const absent = new Proxy(
  {},
  {
    get: (_, name) => (name === 'all' ? noValues : typeof name === 'string' ? '' : undefined),
    has: () => false,
    set: refuse,
  },
)
const noValues = new Proxy(
  {},
  { get: (_, name) => (typeof name === 'string' ? [] : undefined), has: () => false, set: refuse },
)

function refuse() {
  throw new TypeError('a record cannot be changed by a script')
}
