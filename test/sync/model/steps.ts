import * as fc from 'fast-check'

/** Something that happens in the source, or in the destination by other hands, or a run. `who`, `other`: numbers of people. */
export type Step =
  | { readonly type: 'hire'; readonly who: number; readonly person: Traits }
  | { readonly type: 'change'; readonly who: number; readonly person: Partial<Traits> }
  | { readonly type: 'rename' | 'leave' | 'doubt'; readonly who: number }
  | { readonly type: 'manage'; readonly who: number; readonly other: number | null }
  | {
      readonly type: 'meddle'
      readonly who: number
      readonly attribute: Meddled
      readonly values: readonly string[]
    }
  | { readonly type: 'stray' | 'vanish' | 'move'; readonly who: number }
  | { readonly type: 'run' }

export type Traits = {
  readonly sn: string
  readonly givenName: string
  readonly mail: readonly string[]
  readonly telephoneNumber: readonly string[]
  readonly title: string
  readonly site: Site
}
type Meddled = 'sn' | 'title' | 'description' | 'telephoneNumber' | 'mail' | 'manager'

/** People of a history: few, so that its steps meet. */
export const PEOPLE = 24

export const SITES = ['Lyon', 'São Paulo', 'Plus + Comma, "Quote"'] as const
export type Site = (typeof SITES)[number]

/** Names that differ although they look alike, and that are the same although they look different. */
const NAMES = [
  'Martin',
  'MARTIN',
  'martin ',
  'Müller',
  'Mu\u0308ller',
  'de  la Cruz',
  'de la Cruz',
  ' Petit',
  '#1',
  'a,b+c="d";<e>\\f',
  'Nguyễn',
  '山田',
]

const who = fc.nat({ max: PEOPLE - 1 })
const names = fc.constantFrom(...NAMES)
const mails = fc.shuffledSubarray(['a@example.org', 'A@example.org', 'b@example.org', 'c@example.org'])
const phones = fc.subarray(['+33 1', '+331', '+33 2', '+33-3'])
const traits = {
  sn: names,
  givenName: fc.oneof(names, fc.constant('')),
  mail: mails,
  telephoneNumber: phones,
  title: fc.oneof(names, fc.constant('')),
  site: fc.constantFrom(...SITES),
}
const meddling: fc.Arbitrary<{ attribute: Meddled; values: readonly string[] }> = fc.oneof(
  fc.record({
    attribute: fc.constantFrom('title' as const, 'description' as const),
    values: fc.subarray(NAMES, { maxLength: 1 }),
  }),
  fc.record({ attribute: fc.constant('sn' as const), values: names.map((name) => [name]) }),
  fc.record({ attribute: fc.constant('telephoneNumber' as const), values: phones }),
  fc.record({ attribute: fc.constant('mail' as const), values: mails }),
  fc.record({ attribute: fc.constant('manager' as const), values: fc.subarray(['cn=nobody']) }),
)

const steps: readonly [number, fc.Arbitrary<Step>][] = [
  [18, fc.record({ type: fc.constant('hire' as const), who, person: fc.record(traits) })],
  [
    18,
    fc.record({ type: fc.constant('change' as const), who, person: fc.record(traits, { requiredKeys: [] }) }),
  ],
  [24, fc.record({ type: fc.constantFrom(...(['rename', 'rename', 'leave', 'doubt'] as const)), who })],
  [9, fc.record({ type: fc.constant('manage' as const), who, other: fc.oneof(who, fc.constant(null)) })],
  [9, fc.tuple(who, meddling).map(([one, change]) => ({ type: 'meddle' as const, who: one, ...change }))],
  [9, fc.record({ type: fc.constantFrom(...(['stray', 'vanish', 'move'] as const)), who })],
  [1, fc.constant({ type: 'run' as const })],
]
export const step: fc.Arbitrary<Step> = fc.oneof(
  ...steps.map(([weight, arbitrary]) => ({ weight, arbitrary })),
)
