import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fieldBit } from '../../../../src/accounts/people/people-index/hidden-mask.ts'
import type { EntryId } from '../../../../src/accounts/people/people-index/indexed-person.ts'
import {
  createPeopleIndex,
  type SearchOptions,
} from '../../../../src/accounts/people/people-index/people-index.ts'
import { type KnownPerson, referenceSearch } from './reference-search.ts'

// Few letters, so that words meet; every kind of folding; words of digits, so that they meet phone numbers.
const word = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 }) },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom('É', 'œ', 'ß', 'Ł', 'п', 'あ', '𠮷', '\uFA0E'),
      minLength: 1,
      maxLength: 3,
    }),
  },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('0', '4', '7'), minLength: 1, maxLength: 6 }) },
)
const text = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '-', "'", '.', '@')), { minLength: 1, maxLength: 3 })
  .map((parts) =>
    parts
      .map((part) => part.join(''))
      .join('')
      .slice(0, -1),
  )
const texts = fc.array(text, { maxLength: 2 })

const national = fc.string({ unit: fc.constantFrom('0', '4', '7'), minLength: 8, maxLength: 8 })
const phone = fc
  .tuple(national, fc.constantFrom('+334', '04', '00334', '+33 (0)4 '))
  .map(([rest, before]) => ({
    written: before + rest,
    inside: `04${rest}`,
    abroad: `334${rest}`,
  }))

// The names' bit is set only together with all others: that is how an entry is hidden.
const hiddenFields = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat({ max: 127 }).map((bits) => bits & ~fieldBit.names) },
  { weight: 1, arbitrary: fc.constant(127) },
)
const hidden = fc
  .tuple(hiddenFields, hiddenFields, hiddenFields, hiddenFields)
  .map((audiences) => audiences.reduce((mask, bits, index) => mask | (bits << (7 * index)), 0))

const person: fc.Arbitrary<KnownPerson> = fc
  .record({
    directory: fc.constantFrom('people', 'guests'),
    id: fc.nat({ max: 15 }).map(String),
    login: text,
    names: texts,
    mail: texts,
    dialled: fc.array(phone, { maxLength: 2 }),
    title: texts,
    department: texts,
    site: texts,
    hidden,
  })
  .map((record) => ({ ...record, phone: record.dialled.map(({ written }) => written) }))

const change = fc.oneof(
  { weight: 3, arbitrary: person.map((put) => ({ put })) },
  { weight: 1, arbitrary: person.map((remove) => ({ remove })) },
)
const query = fc.oneof(
  { weight: 4, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '…', '+33 4 77', '00 33 4 7', '04 77 07', '477047', '33477'),
  },
)
const search = fc.record({
  query,
  audience: fc.constantFrom('public', 'person', 'agent', 'application'),
  sort: fc.constantFrom('relevance', 'name'),
  limit: fc.integer({ min: 1, max: 4 }),
})
// As many changes as make the index settle, or few, so that people are found while they wait.
const steps = fc.array(
  fc.record({
    changes: fc.array(change, { maxLength: 40 }),
    settle: fc.boolean(),
    searches: fc.array(search, { maxLength: 8 }),
  }),
  { maxLength: 4 },
)

it('finds the people that looking at everyone finds, in the same order, page by page', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const index = createPeopleIndex({ country: 'FR', locale: 'fr' })
      const people = new Map<string, KnownPerson>()
      for (const { changes, settle, searches } of all) {
        for (const one of changes) {
          if ('put' in one) {
            index.put(one.put)
            people.set(`${one.put.directory}/${one.put.id}`, one.put)
          } else {
            index.remove(one.remove)
            people.delete(`${one.remove.directory}/${one.remove.id}`)
          }
        }
        if (settle) makeItSettle(index)
        expect(index.size()).toBe(people.size)
        for (const { query: typed, ...options } of searches) {
          const expected = referenceSearch([...people.values()], typed, options.audience, options.sort)
          const found = allPages(index, typed, options)
          expect(found.ids, JSON.stringify(typed)).toEqual(
            expected.map(({ directory, id }) => ({ directory, id })),
          )
          expect(found.total).toBe(expected.length)
        }
      }
    }),
    { numRuns: 300 },
  )
})

it('finds them also in a large index of which a small part has changed', () => {
  const many = fc
    .sample(person, { numRuns: 2600, seed: 1 })
    .map((one, index) => ({ ...one, id: String(index) }))
  const changed = fc
    .sample(person, { numRuns: 400, seed: 2 })
    .map((one, index) => ({ ...one, id: String(index * 6) }))
  const people = new Map<string, KnownPerson>()
  const index = createPeopleIndex({ country: 'FR', locale: 'fr' })
  const put = (one: KnownPerson) => {
    index.put(one)
    people.set(`${one.directory}/${one.id}`, one)
  }
  many.forEach(put)
  index.search('', { audience: 'person', limit: 1 })
  // More changes than may wait, merged by the next search; then fewer, which wait.
  changed.slice(0, 300).forEach(put)
  index.search('', { audience: 'person', limit: 1 })
  changed.slice(300).forEach(put)
  for (const { query: typed, ...options } of fc.sample(search, { numRuns: 30, seed: 3 })) {
    const expected = referenceSearch([...people.values()], typed, options.audience, options.sort)
    const found = allPages(index, typed, { ...options, limit: 1000 })
    expect(found.ids, JSON.stringify(typed)).toEqual(expected.map(({ directory, id }) => ({ directory, id })))
  }
})

type Index = ReturnType<typeof createPeopleIndex>

function makeItSettle(index: Index): void {
  const visitor = {
    directory: 'visitors',
    id: 'v',
    login: 'v',
    names: ['v'],
    mail: [],
    phone: [],
    title: [],
    department: [],
    site: [],
    hidden: 0,
  }
  for (let i = 0; i < 300; i++) {
    index.put(visitor)
    index.remove(visitor)
  }
  index.search('v', { audience: 'person', limit: 1 })
}

function allPages(index: Index, typed: string, options: SearchOptions) {
  const ids: EntryId[] = []
  const first = index.search(typed, options)
  let { next } = first
  ids.push(...first.ids)
  while (next !== null) {
    const page = index.search(typed, { ...options, after: next })
    ids.push(...page.ids)
    next = page.next
    expect(page.total).toBe(first.total)
    expect(ids.length, 'a page again').toBeLessThanOrEqual(first.total)
  }
  return { ids, total: first.total }
}
