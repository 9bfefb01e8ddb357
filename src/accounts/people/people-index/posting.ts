import { allFields } from './hidden-mask.ts'

// A posting says in 32 bits that a term stands in some fields of a person: the person's slot, then seven bits for the fields.
const fieldBits = 7
/** As many people as one index can hold. */
export const mostSlots = 2 ** (32 - fieldBits)

/** `fields`: a bit for each field in which the term stands (`fieldBit`). */
export function posting(slot: number, fields: number): number {
  return (slot << fieldBits) | fields
}

/** The slot of a posting. */
export function slotOf(packed: number): number {
  return packed >>> fieldBits
}

/** The fields of a posting. */
export function fieldsOf(packed: number): number {
  return packed & allFields
}
