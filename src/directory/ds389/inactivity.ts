import { first, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import type { Operations } from '../../ldap/operations.ts'
import type { Condition } from '../account-state.ts'
import { later, time } from '../entry-time.ts'
import { unlessForbidden } from './everywhere.ts'
import { keeping } from './keeping.ts'

const PLUGIN = 'cn=Account Policy Plugin,cn=plugins,cn=config'
const SETTINGS = `cn=config,${PLUGIN}`

/** Whom the Account Policy plugin shuts out. */
export type Inactivity = {
  /** Seconds without a sign-in; undefined for never. */
  limit: number | undefined
  /** Attributes of the last use: the first that the entry has counts, or with `each` all that it has. */
  lastUse: readonly string[]
  each: boolean
}

export type Inactivities = {
  plugin(): Promise<Inactivity>
  /** That of the entry, by its own policy (acctPolicySubentry) or the plugin's limit for everyone. */
  effectiveFor(entry: Entry): Promise<Inactivity>
}

/** How the plugin is set up where the service account may not see that. */
const unseen: Inactivity = {
  limit: undefined,
  lastUse: ['lastLoginTime', 'createTimestamp'],
  each: false,
}

const rules = [
  'nsslapd-pluginEnabled',
  'stateAttrName',
  'altStateAttrName',
  'checkAllStateAttrs',
  'accountInactivityLimit',
]

export function createInactivities(pool: Operations): Inactivities {
  const read = keeping((dn) =>
    unlessForbidden(
      pool.read(dn, { filter: filter`(|(objectClass=*)(objectClass=ldapsubentry))`, attributes: rules }),
    ),
  )
  const plugin = async () => {
    const [entry, settings] = await Promise.all([read(PLUGIN), read(SETTINGS)])
    const isOff = entry !== undefined && first(entry, 'nsslapd-pluginEnabled') === 'off'
    return settings === undefined || isOff ? unseen : inactivityOf(settings)
  }
  return {
    plugin,
    async effectiveFor(entry) {
      const dn = first(entry, 'acctPolicySubentry')
      if (dn === undefined) return await plugin()
      const [set, policy] = await Promise.all([plugin(), read(dn)])
      // A policy that says nothing allows no second.
      return { ...set, limit: policy && (limitOf(policy) ?? 0) }
    },
  }
}

function inactivityOf(settings: Entry): Inactivity {
  const last = first(settings, 'stateAttrName') ?? 'lastLoginTime'
  const otherwise = first(settings, 'altStateAttrName') ?? 'createTimestamp'
  return {
    limit: limitOf(settings),
    // 1.1: no other attribute counts.
    lastUse: otherwise === '1.1' ? [last] : [last, otherwise],
    each: /^(?:true|yes|on|1)$/i.test(first(settings, 'checkAllStateAttrs') ?? ''),
  }
}

function limitOf(entry: Entry): number | undefined {
  const seconds = first(entry, 'accountInactivityLimit')
  return seconds === undefined ? undefined : Number(seconds)
}

/** Shut out by the plugin for not being there. */
export function idleConditions(entry: Entry, { limit, lastUse, each }: Inactivity, now: Date): Condition[] {
  if (limit === undefined) return []
  const uses = lastUse.flatMap((name) => time(entry, name) ?? [])
  const ends = (each ? uses : uses.slice(0, 1)).map((use) => later(use, limit)).filter((end) => now > end)
  return ends.slice(0, 1).map((since) => ({ kind: 'idle', since }))
}
