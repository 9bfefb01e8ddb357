import { normalizeDn } from '../../ldap/dn.ts'
import { text } from '../../ldap/entry.ts'
import { LdapError } from '../../ldap/result.ts'
import { Problem } from '../../problems/problem.ts'
import { reading } from '../reading.ts'
import type { Finding } from './finding.ts'
import { asAdministrator, modification, replacement } from './fix.ts'
import type { Probe, UsedBase } from './probe.ts'
import { onDatabase, slapdPlace } from './slapd-place.ts'

/** The names of all directories are held in memory at once. */
const MOST = 200_000
const EXAMPLES = 3

/** Who has a name: a key of the entry for each. */
type Holders = Map<string, Set<string>>

/**
 * Reads everybody who may sign in, as reports do: in pages, to the end. Finds limits that end it before, and names that two people share, in
 * one directory or in two: neither can sign in by it. `isLate` ends the reading, after which nothing is known.
 */
export async function everyone(probes: readonly Probe[], isLate: () => boolean): Promise<Finding[]> {
  const holders: Holders = new Map()
  const read = await Promise.all(probes.map((probe) => readNames(probe, holders, isLate)))
  const findings = read.flatMap((one) => one.findings)
  const [first] = probes
  if (first === undefined) return findings
  const unread = read.find(({ isWhole }) => !isWhole)
  if (unread !== undefined)
    return [...findings, unread.probe.report('check-unfinished', { check: 'everyone' })]
  return [...findings, ...sharedNames(first, holders)]
}

type Read = { probe: Probe; findings: Finding[]; isWhole: boolean }

async function readNames(probe: Probe, holders: Holders, isLate: () => boolean): Promise<Read> {
  const used = probe.bases.filter(({ use }) => use === 'signIn')
  let isWhole = true
  try {
    for (const base of used) isWhole &&= await readBase(probe, base, holders, isLate)
    return { probe, findings: [], isWhole }
  } catch (error) {
    const limit = limitOf(error)
    if (limit === undefined) throw error
    return { probe, findings: [probe.report('size-limit', { limit }, await limitFix(probe))], isWhole: true }
  }
}

async function readBase(
  probe: Probe,
  used: UsedBase,
  holders: Holders,
  isLate: () => boolean,
): Promise<boolean> {
  const { connection, settings } = probe
  const attributes = settings.attributes.signIn
  const { list } = reading(connection, { changedAttribute: 'modifyTimestamp' })
  for await (const entry of list({ base: used.base, filter: used.filter, attributes })) {
    if (isLate() || holders.size > MOST) return false
    const key = `${settings.name} ${normalizeDn(entry.dn)}`
    for (const name of attributes.flatMap((attribute) => text(entry, attribute))) {
      const known = holders.get(name.toLowerCase())
      if (known === undefined) holders.set(name.toLowerCase(), new Set([key]))
      else known.add(key)
    }
  }
  return true
}

/** The name of the result by which the server ended the reading, of size, time or work. */
function limitOf(error: unknown): string | undefined {
  const result = error instanceof Problem ? error.cause : error
  return result instanceof LdapError && [3, 4, 11].includes(result.code) ? result.name : undefined
}

function sharedNames(probe: Probe, holders: Holders): Finding[] {
  const shared = [...holders].filter(([, keys]) => keys.size > 1).map(([name]) => name)
  if (shared.length === 0) return []
  const examples = shared.toSorted().slice(0, EXAMPLES).join(', ')
  return [probe.report('name-shared', { count: shared.length, examples })]
}

async function limitFix(probe: Probe): Promise<string> {
  const { account, settings, url } = probe
  switch (settings.kind) {
    case 'openldap': {
      const place = await slapdPlace(probe, probe.bases[0]?.base ?? '')
      const values = [`{0}dn.exact="${account}" size=unlimited time=unlimited`]
      return onDatabase(place, modification(place.dn, [{ operation: 'add', attribute: 'olcLimits', values }]))
    }
    case 'ds389':
      return asAdministrator(
        url,
        'cn=Directory Manager',
        replacement(account, { nsSizeLimit: '-1', nsPagedSizeLimit: '-1', nsLookThroughLimit: '-1' }),
      )
    case 'active-directory':
      return 'ntdsutil "ldap policies" connections "connect to server DC" quit "show values" quit quit'
  }
}
