import { utf8Text } from './bytes.js'

const none = Object.freeze([])

/**
 * One record of the batch. Attributes that came with the batch are there; the host is asked for any other, and for bytes: that is right for names that only
 * the running script knows, and the host learns from it what to send with the next batch.
 */
export class Row {
  constructor(host, entry, side, columns, cells) {
    this.name = cells[0]
    // Not private (#): QuickJS takes three times as long for those, and no script comes by a Row.
    this.host = host
    this.entry = entry
    this.side = side
    this.columns = columns
    this.cells = cells
    this.asked = null
  }

  /** Lower-cased names of what has values. */
  names() {
    return JSON.parse(this.host.names(this.entry, this.side))
  }

  /** Strings and Uint8Arrays, in the order of the side. */
  values(name) {
    const column = this.columns.get(name) ?? this.columns.get(name.toLowerCase())
    const cell = column === undefined ? 0 : this.cells[column + 1]
    if (cell === null) return none
    if (typeof cell === 'string') return [cell]
    return cell === 0 ? this.ask(name.toLowerCase()) : cell
  }

  /** The first value as text, '' when there is none. */
  first(name) {
    const column = this.columns.get(name)
    const cell = column === undefined ? 0 : this.cells[column + 1]
    if (typeof cell === 'string') return cell
    const value = this.values(name)[0]
    return value === undefined ? '' : textOf(value)
  }

  texts(name) {
    return this.values(name).map(textOf)
  }

  /** Every text that came so far: what may not stand in a message. */
  seen() {
    return [this.cells.slice(1), [...(this.asked?.values() ?? [])]]
      .flat(3)
      .filter((value) => typeof value === 'string')
  }

  ask(name) {
    this.asked ??= new Map()
    let values = this.asked.get(name)
    if (values === undefined) {
      values = JSON.parse(this.host.ask(this.entry, this.side, name)).map((value, index) =>
        value === null ? new Uint8Array(this.host.bytes(this.entry, this.side, name, index)) : value,
      )
      this.asked.set(name, values)
    }
    return values
  }
}

function textOf(value) {
  return typeof value === 'string' ? value : utf8Text(value)
}
