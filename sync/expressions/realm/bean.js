import { utf8Bytes, utf8Text } from './bytes.js'
import { ArrayList, HashSet } from './java-collections.js'

/** javax.naming.directory.Attribute, as far as scripts read it. */
export class Attribute extends ArrayList {
  #name
  constructor(name, values) {
    super(values)
    this.#name = name
  }
  getID() {
    return this.#name
  }
  get(index = 0) {
    return super.get(index)
  }
  getAll() {
    let next = 0
    const hasMore = () => next < this.length
    const take = () => this[next++]
    return { hasMore, hasMoreElements: hasMore, next: take, nextElement: take, close() {} }
  }
}

/** LSC's bean of an entry: names in any case, '' and empty lists where there is nothing. What a script sets is of this entry's scripts only. */
export class Bean {
  #row
  #name
  #changed = new Map()

  constructor(row) {
    this.#row = row
    this.#name = row.name
  }

  getDatasetFirstValueById(name) {
    const [value] = this.#values(name)
    return value === undefined ? '' : textOf(value)
  }
  getDatasetValuesById(name) {
    return new ArrayList(this.#values(name).map(textOf))
  }
  getDatasetById(name) {
    const values = this.#values(name)
    return values.length === 0 ? null : new HashSet(values)
  }
  getDatasetFirstBinaryValueById(name) {
    const [value] = this.#values(name)
    return value === undefined ? null : bytesOf(value)
  }
  getDatasetBinaryValuesById(name) {
    return new ArrayList(this.#values(name).map(bytesOf))
  }
  getDatasetsNames() {
    return new HashSet([...this.#row.names(), ...this.#changed.keys()])
  }
  getMainIdentifier() {
    return this.#name
  }
  getAttributeById(name) {
    const values = this.#values(name)
    return values.length === 0 ? null : new Attribute(name, values)
  }

  /** A text, bytes or a collection of them. */
  setDataset(name, values) {
    const given =
      typeof values === 'string' || values instanceof Uint8Array ? [values] : Array.from(values ?? [])
    this.#changed.set(String(name).toLowerCase(), given)
  }
  setAttribute(name, values) {
    if (name instanceof Attribute) this.setDataset(name.getID(), name)
    else this.setDataset(name, values)
  }
  setMainIdentifier(name) {
    this.#name = name
  }
  datasets() {
    return {
      getAttributesNames: () => this.getDatasetsNames(),
      getDatasets: () => this,
      getStringValueAttribute: (name) => this.getDatasetFirstValueById(name),
      getListStringValueAttribute: (name) => this.getDatasetValuesById(name),
      getValuesAttributes: (name) => this.getDatasetById(name),
    }
  }
  toString() {
    return `dn: ${this.#name}`
  }

  #values(name) {
    const changed = this.#changed.size === 0 ? undefined : this.#changed.get(String(name).toLowerCase())
    return changed ?? this.#row.values(String(name))
  }
}

const aliases = {
  getAttributeFirstValueById: 'getDatasetFirstValueById',
  getAttributeValuesById: 'getDatasetValuesById',
  getAttributeFirstBinaryValueById: 'getDatasetFirstBinaryValueById',
  getAttributeBinaryValuesById: 'getDatasetBinaryValuesById',
  getAttributeAsSetById: 'getDatasetById',
  getDatasetAsSetById: 'getDatasetById',
  getAttributesNames: 'getDatasetsNames',
  getDistinguishedName: 'getMainIdentifier',
  getFullDistinguishedName: 'getMainIdentifier',
  getDN: 'getMainIdentifier',
  setDistinguishedName: 'setMainIdentifier',
}
for (const [alias, name] of Object.entries(aliases)) {
  Object.defineProperty(Bean.prototype, alias, { value: Bean.prototype[name], enumerable: false })
}

function textOf(value) {
  return typeof value === 'string' ? value : utf8Text(value)
}

function bytesOf(value) {
  return typeof value === 'string' ? utf8Bytes(value) : value
}
