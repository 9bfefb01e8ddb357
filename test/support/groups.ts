import { randomFrom } from './people.ts'

/** A groupOfNames of the test directory. */
export interface Group {
  cn: string
  /** Indexes of people. */
  people: readonly number[]
  /** Names of member groups. */
  groups: readonly string[]
}

/**
 * Groups for `people` people: `service-desk` (hugo), `administrators` (ada), `support` (those two groups), `loop-a` and `loop-b`
 * (each in the other), three with about 40 % of all, and one of 5 to 64 for every ten people.
 */
export function makeGroups(people: number): Group[] {
  const random = randomFrom(3)
  const draw = (size: number): number[] => [
    ...new Set(Array.from({ length: size }, () => Math.floor(random() * people))),
  ]
  const usual = Array.from({ length: Math.ceil(people / 10) }, (_, index) => ({
    cn: `g${String(index + 1).padStart(4, '0')}`,
    groups: [],
    people: draw(index < 3 ? Math.ceil(people / 2) : 5 + Math.floor(random() * 60)),
  }))
  return [
    { cn: 'service-desk', people: [2], groups: [] },
    { cn: 'administrators', people: [0], groups: [] },
    { cn: 'support', people: [], groups: ['service-desk', 'administrators'] },
    { cn: 'loop-a', people: [1], groups: ['loop-b'] },
    { cn: 'loop-b', people: [3], groups: ['loop-a'] },
    ...usual,
  ]
}

/** For each person the names of the groups that name them. */
export function groupsOfPeople(groups: readonly Group[], people: number): string[][] {
  const groupsOf = Array.from({ length: people }, (): string[] => [])
  for (const { cn, people: members } of groups) {
    for (const index of members) groupsOf[index]?.push(cn)
  }
  return groupsOf
}
