import type { Entry } from '../../ldap/entry.ts'

/** An attribute whose value is made for whoever asks for it, like the photos of the demo: a thousand stored ones would be a start of minutes. */
export type DrawnAttribute = {
  readonly name: string
  /** Whether an entry has one; must be cheap, and always the same for the same entry. A stored value is never drawn over. */
  has(entry: Entry): boolean
  draw(entry: Entry): Promise<Buffer>
}

/** Stands for the value until it is sent: so filters see that there is one. */
const toBeDrawn = Buffer.alloc(0)

/** What `has` says of a stored entry, as an attribute that is still to be drawn. */
export function undrawn({ name, has }: DrawnAttribute, stored: Entry) {
  const key = name.toLowerCase()
  return stored.attributes.has(key) || !has(stored) ? null : { key, attribute: { name, values: [toBeDrawn] } }
}

/** The entry of an answer with its value drawn; undefined when there is nothing to draw, as nearly always. */
export function drawIn(drawn: DrawnAttribute | undefined, entry: Entry): Promise<Entry> | undefined {
  if (drawn === undefined || !isUndrawn(drawn, entry)) return undefined
  return drawn.draw(entry).then((value) => {
    const attribute = { name: drawn.name, values: [value] }
    return { dn: entry.dn, attributes: new Map(entry.attributes).set(drawn.name.toLowerCase(), attribute) }
  })
}

/** For answers that cannot wait for a drawing. */
export function leaveUndrawn(drawn: DrawnAttribute | undefined, entry: Entry): Entry {
  if (drawn === undefined || !isUndrawn(drawn, entry)) return entry
  const attributes = new Map(entry.attributes)
  attributes.delete(drawn.name.toLowerCase())
  return { dn: entry.dn, attributes }
}

function isUndrawn({ name }: DrawnAttribute, entry: Entry): boolean {
  return entry.attributes.get(name.toLowerCase())?.values[0] === toBeDrawn
}
