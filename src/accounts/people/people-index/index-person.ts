import { foldWords } from '../../fold.ts'
import type { ReadPhone } from '../../phone.ts'
import { fieldBit } from './hidden-mask.ts'
import type { IndexedPerson } from './indexed-person.ts'
import { identifierForm } from './query.ts'
import type { TermIndexes } from './term-indexes.ts'

const wordFields = ['names', 'mail', 'title', 'department', 'site'] as const

/** Adds the terms of a person who has this slot. */
export function indexPerson(
  indexes: TermIndexes,
  slot: number,
  person: IndexedPerson,
  readPhone: ReadPhone,
): void {
  const { words, phones, identifiers } = indexes
  for (const word of foldWords(person.login)) words.add(word, slot, fieldBit.login)
  for (const field of wordFields) {
    for (const value of person[field]) {
      for (const word of foldWords(value)) words.add(word, slot, fieldBit[field])
    }
  }
  for (const value of person.phone) phones.add(readPhone(value), slot, fieldBit.phone)
  identifiers.add(identifierForm(person.login), slot, fieldBit.login)
  for (const value of person.mail) identifiers.add(identifierForm(value), slot, fieldBit.mail)
}
