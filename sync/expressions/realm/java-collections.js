/**
 * Java's collections as far as scripts use them. They are arrays, so that what JavaScript offers for arrays (an index, `length`, `map`, `for … of`) works on
 * them as on those of LSC.
 */
export class ArrayList extends Array {
  static get [Symbol.species]() {
    return Array
  }
  /** Empty, or the elements of a collection. A number is Java's initial capacity. */
  constructor(elements) {
    super()
    if (typeof elements === 'object' && elements !== null) this.addAll(elements)
  }
  add(...given) {
    if (given.length === 2) this.splice(given[0], 0, given[1])
    else this.push(given[0])
    return true
  }
  addAll(elements) {
    for (const element of elements ?? []) this.add(element)
    return true
  }
  get(index) {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`there is no element ${index}`)
    return this[index]
  }
  set(index, element) {
    const before = this[index]
    this[index] = element
    return before
  }
  /** A number is an index, anything else an element, as in Java. */
  remove(which) {
    const index = typeof which === 'number' ? which : this.findIndex((element) => isEqual(element, which))
    const [removed] = index < 0 ? [] : this.splice(index, 1)
    return typeof which === 'number' ? removed : index >= 0
  }
  removeAll(elements) {
    return this.#keep((element) => !contains(elements, element))
  }
  retainAll(elements) {
    return this.#keep((element) => contains(elements, element))
  }
  contains(wanted) {
    return contains(this, wanted)
  }
  containsAll(elements) {
    return Array.from(elements).every((element) => contains(this, element))
  }
  size() {
    return this.length
  }
  isEmpty() {
    return this.length === 0
  }
  clear() {
    this.length = 0
  }
  toArray() {
    return Array.from(this)
  }
  subList(from, to) {
    return new this.constructor(this.slice(from, to))
  }
  iterator() {
    let next = 0
    return { hasNext: () => next < this.length, next: () => this[next++] }
  }
  equals(other) {
    return (
      Array.isArray(other) &&
      other.length === this.length &&
      this.every((element, index) => isEqual(element, other[index]))
    )
  }
  /** Java's spelling. */
  toString() {
    return `[${this.join(', ')}]`
  }
  #keep(test) {
    const kept = this.filter(test)
    const changed = kept.length !== this.length
    this.splice(0, this.length, ...kept)
    return changed
  }
}

export class LinkedList extends ArrayList {
  addFirst(element) {
    this.unshift(element)
  }
  addLast(element) {
    this.push(element)
  }
  getFirst() {
    return this.get(0)
  }
  getLast() {
    return this.get(this.length - 1)
  }
  removeFirst() {
    return this.shift()
  }
  removeLast() {
    return this.pop()
  }
}

/** Each element once, in the order of arrival. */
export class HashSet extends ArrayList {
  add(element) {
    if (contains(this, element)) return false
    this.push(element)
    return true
  }
  remove(element) {
    const index = this.findIndex((held) => isEqual(held, element))
    if (index >= 0) this.splice(index, 1)
    return index >= 0
  }
}

export class HashMap {
  #entries = new Map()
  constructor(other) {
    if (typeof other === 'object' && other !== null) this.putAll(other)
  }
  get(key) {
    return this.#entries.get(key) ?? null
  }
  getOrDefault(key, fallback) {
    return this.#entries.get(key) ?? fallback
  }
  put(key, value) {
    const before = this.get(key)
    this.#entries.set(key, value)
    return before
  }
  putAll(other) {
    for (const entry of other.entrySet()) this.put(entry.getKey(), entry.getValue())
  }
  remove(key) {
    const before = this.get(key)
    this.#entries.delete(key)
    return before
  }
  containsKey(key) {
    return this.#entries.has(key)
  }
  containsValue(value) {
    return contains(this.#entries.values(), value)
  }
  keySet() {
    return new HashSet(this.#entries.keys())
  }
  values() {
    return new ArrayList(this.#entries.values())
  }
  entrySet() {
    return new HashSet(
      Array.from(this.#entries, ([key, value]) => ({ getKey: () => key, getValue: () => value })),
    )
  }
  size() {
    return this.#entries.size
  }
  isEmpty() {
    return this.#entries.size === 0
  }
  clear() {
    this.#entries.clear()
  }
  toString() {
    return `{${Array.from(this.#entries, ([key, value]) => `${key}=${value}`).join(', ')}}`
  }
}

export const Arrays = {
  asList: (...elements) =>
    new ArrayList(elements.length === 1 && Array.isArray(elements[0]) ? elements[0] : elements),
  toString: (elements) => `[${Array.from(elements).join(', ')}]`,
  sort: (elements) => replaceAll(elements, elements.toSorted()),
}

export const Collections = {
  sort: (list) => replaceAll(list, list.toSorted()),
  reverse: (list) => replaceAll(list, list.toReversed()),
  list: (elements) => new ArrayList(elements),
  emptyList: () => new ArrayList(),
  singletonList: (element) => new ArrayList([element]),
  unmodifiableList: (list) => list,
}

function replaceAll(list, elements) {
  for (const [index, element] of Array.from(elements).entries()) list[index] = element
}

function contains(elements, wanted) {
  for (const element of elements ?? []) if (isEqual(element, wanted)) return true
  return false
}

function isEqual(left, right) {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return left.join() === right.join()
  return left === right || (typeof left?.equals === 'function' && left.equals(right))
}
