import { foldWords } from '../../../../src/accounts/fold.ts'
import {
  fieldBit,
  type SearchAudience,
  type SearchedField,
} from '../../../../src/accounts/people/people-index/hidden-mask.ts'
import type { IndexedPerson } from '../../../../src/accounts/people/people-index/indexed-person.ts'

/** A person of a test: how each phone number is dialled, from inside its country and from abroad, is known without reading it. */
export type KnownPerson = IndexedPerson & { dialled: readonly { inside: string; abroad: string }[] }
type Found = { person: KnownPerson; score: number }

const audiences: readonly SearchAudience[] = ['public', 'person', 'agent', 'application']
const collator = new Intl.Collator('fr')

/** What the index promises, by looking at everyone: who is found, best first. */
export function referenceSearch(
  people: readonly KnownPerson[],
  query: string,
  audience: SearchAudience,
  sort: 'relevance' | 'name',
): KnownPerson[] {
  const found = people.flatMap((person): Found[] => {
    const score = scoreOf(person, query, audience)
    return score === 0 ? [] : [{ person, score: sort === 'name' ? 1 : score }]
  })
  return found.toSorted(inOrder).map(({ person }) => person)
}

function inOrder(a: Found, b: Found): number {
  const key = ({ person }: Found) => `${person.directory}/${person.id}`
  const name = ({ person }: Found) => person.names[0] ?? person.login
  return b.score - a.score || collator.compare(name(a), name(b)) || (key(a) < key(b) ? -1 : 1)
}

function scoreOf(person: KnownPerson, query: string, audience: SearchAudience): number {
  const sees = (field: SearchedField) => {
    const bits = person.hidden >> (7 * audiences.indexOf(audience))
    return (bits & fieldBit[field]) === 0
  }
  if (!sees('names')) return 0
  const same = (text: string) => plain(text) === plain(query)
  if (plain(query) === '') return 1
  if ((sees('login') && same(person.login)) || (sees('mail') && person.mail.some(same))) return 5
  const runs = runsOf(foldWords(query))
  if (runs.length === 0) return 0
  const isPhone = (digits: string) =>
    sees('phone') && person.dialled.some((number) => isDialled(number, digits))
  const wordScore = (word: string) =>
    Math.max(textScore(person, word, sees), /^\d+$/.test(word) && isPhone(word) ? 1 : 0)
  return Math.min(
    ...runs.map((run) =>
      Math.max(Math.min(...run.map(wordScore)), run.length > 1 && isPhone(run.join('')) ? 1 : 0),
    ),
  )
}

function isDialled({ inside, abroad }: { inside: string; abroad: string }, digits: string): boolean {
  if (digits.length < 4) return false
  const withExitCode = digits.length > 6 && `00${abroad}`.startsWith(digits)
  return withExitCode || inside.includes(digits) || abroad.includes(digits)
}

function textScore(person: IndexedPerson, word: string, sees: (field: SearchedField) => boolean): number {
  const values = { ...person, login: [person.login] }
  const scores = person.names
    .flatMap(foldWords)
    .map((own) => placeScore(own, word, { whole: 4, start: 3, inside: 1 }))
  for (const field of ['login', 'mail', 'title', 'department', 'site'] as const) {
    if (!sees(field)) continue
    scores.push(
      ...values[field]
        .flatMap(foldWords)
        .map((own) => placeScore(own, word, { whole: 2, start: 1, inside: 0 })),
    )
  }
  return Math.max(0, ...scores)
}

function placeScore(
  own: string,
  word: string,
  scores: { whole: number; start: number; inside: number },
): number {
  if (own === word) return scores.whole
  if (own.startsWith(word)) return scores.start
  return word.length >= 3 && own.includes(word) ? scores.inside : 0
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase().trim().split(/\s+/).join(' ')

/** Neighbouring words of digits only, together: they may be one phone number. */
function runsOf(words: readonly string[]): string[][] {
  const runs: string[][] = []
  let digitsBefore = false
  for (const word of words) {
    const digits = /^[0-9]+$/.test(word)
    if (digits && digitsBefore) runs.at(-1)?.push(word)
    else runs.push([word])
    digitsBefore = digits
  }
  return runs
}
