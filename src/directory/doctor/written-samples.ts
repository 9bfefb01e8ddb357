import type { Entry } from '../../ldap/entry.ts'
import type { Probe, UsedBase } from './probe.ts'

/** One person of each branch whose accounts are written: the desk's, and the sign-in's for recoveries. */
export function writtenSamples({ samples }: Probe): { base: UsedBase; person: Entry }[] {
  const seen = new Set<string>()
  return samples.flatMap(({ base, people: [person] }) => {
    if (person === undefined || seen.has(base.base)) return []
    seen.add(base.base)
    return [{ base, person }]
  })
}
