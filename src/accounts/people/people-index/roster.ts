import { hiddenFromAll } from './hidden-mask.ts'
import type { EntryId } from './indexed-person.ts'
import { mostSlots } from './posting.ts'

/** A place in the order of people. */
export type Place = { name: string; key: string }

/**
 * Who has which slot, a small number that stands for the person in postings. A changed person gets a new slot; the old one stays
 * hidden from everyone until `settle`, when no posting names it any more and it can be given again.
 */
export function createRoster(locale: string) {
  const collator = new Intl.Collator(locale)
  const slots = new Map<string, number>()
  const keys: string[] = []
  const names: string[] = []
  let hidden = new Int32Array(64)
  let gone: number[] = []
  let free: number[] = []

  const remove = (entry: EntryId): boolean => {
    const slot = slots.get(keyOf(entry))
    if (slot === undefined) return false
    slots.delete(keyOf(entry))
    hidden[slot] = hiddenFromAll
    gone.push(slot)
    return true
  }

  return {
    remove,
    /** The person's new slot. */
    put(entry: EntryId, name: string, mask: number): number {
      remove(entry)
      const slot = free.pop() ?? keys.length
      if (slot >= mostSlots) throw new RangeError(`more than ${mostSlots} people in one index`)
      if (slot >= hidden.length) hidden = doubled(hidden)
      const key = keyOf(entry)
      slots.set(key, slot)
      keys[slot] = key
      names[slot] = name
      hidden[slot] = mask
      return slot
    },
    /** Orders a person, perhaps one who has left, against a place in the order: by name as the locale sorts, then by key. */
    compare(slot: number, { name, key }: Place): number {
      const own = keys[slot] ?? ''
      return collator.compare(names[slot] ?? '', name) || (own < key ? -1 : Number(own > key))
    },
    settle(): void {
      free = free.concat(gone)
      gone = []
    },
    isLive: (slot: number) => (hidden[slot] ?? 0) !== hiddenFromAll,
    size: () => slots.size,
    people: () => slots.keys().map(idOf),
    /** Slots are below this. */
    end: () => keys.length,
    /** Masks by slot; valid until the next `put`. */
    hidden: () => hidden,
    /** What orders the person among all. */
    placeOf: (slot: number): Place => ({ name: names[slot] ?? '', key: keys[slot] ?? '' }),
    idOf: (slot: number) => idOf(keys[slot] ?? ''),
    /** Estimated: strings of one byte a character, three words a map entry. */
    bytes(): number {
      const characters = keys.reduce((sum, key, slot) => sum + key.length + (names[slot]?.length ?? 0), 0)
      return characters + keys.length * (2 * 16 + 2 * 8 + 40) + hidden.byteLength
    },
  }
}

// The name of a directory has no slash.
function keyOf({ directory, id }: EntryId): string {
  return `${directory}/${id}`
}

function idOf(key: string): EntryId {
  const slash = key.indexOf('/')
  return { directory: key.slice(0, slash), id: key.slice(slash + 1) }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
