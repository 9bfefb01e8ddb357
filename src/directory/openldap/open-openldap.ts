import { readFileSync } from 'node:fs'
import type { DirectoryConfig } from '../../config/directory-schema.ts'
import { first } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { createPool, type Pool } from '../../ldap/pool.ts'
import type { Directory } from '../directory.ts'
import { orUnavailable } from '../unavailable.ts'
import { acts } from './acts.ts'
import { passwords } from './passwords.ts'
import { createPolicies } from './policies.ts'
import { reading } from './reading.ts'
import { openLdapStateFilter } from './state-filter.ts'
import { openLdapState, stateAttributes } from './state.ts'

const ID = 'entryUUID'

/** An OpenLDAP directory with the ppolicy overlay. Connects at the first operation. Throws when the file of authorities cannot be read. */
export function openOpenLdap(config: DirectoryConfig): Directory {
  const pool = createPool(poolOptions(config))
  const policies = createPolicies(pool, config.defaultPolicy, () => performance.now())
  return {
    name: config.name,
    attributes: config.attributes,
    idAttribute: ID,
    idOf(entry) {
      const id = first(entry, ID)
      if (id === undefined)
        throw new TypeError(`${ID} was not asked for, or the service account may not read it`)
      return id
    },
    idFilter: (id) => filter`(entryUUID=${id})`,
    ...reading(pool),
    ...passwords(pool, policies),
    ...acts(pool, policies),
    stateAttributes,
    accountState: (entry, now) =>
      orUnavailable(async () => openLdapState(entry, await policies.effectiveFor(entry), now)),
    stateFilter: (state, now) =>
      orUnavailable(async () => openLdapStateFilter(state, await policies.all(), now)),
    ping: () => orUnavailable(() => pool.ping()),
    stats: () => statsOf(pool),
    close: () => pool.close(),
  }
}

function poolOptions({
  urls,
  startTls,
  ca,
  bind,
  poolSize,
  connectTimeout,
  operationTimeout,
}: DirectoryConfig) {
  const tls = ca === undefined ? {} : { tls: { ca: readFileSync(ca) } }
  return { urls, size: poolSize, connect: { startTls, bind, connectTimeout, operationTimeout, ...tls } }
}

function statsOf(pool: Pool) {
  const { open, busy, waiting, errors } = pool.stats()
  return { open, busy, waiting, errorsByCode: new Map(Object.entries(errors)) }
}
