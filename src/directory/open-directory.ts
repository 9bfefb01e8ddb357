import { readFileSync } from 'node:fs'
import type { DirectoryConfig, DirectoryKind } from '../config/directory-schema.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import type { Pool, PoolOptions } from '../ldap/pool.ts'
import { createReplicatedPool, type ReplicatedPool } from '../ldap/replicated-pool.ts'
import { loginChanging } from './change-login.ts'
import type { Directory } from './directory.ts'
import type { Flavour, FlavourMethods } from './flavour.ts'
import { activeDirectory } from './active-directory/active-directory.ts'
import { openLdap } from './openldap/openldap.ts'
import { ds389 } from './ds389/ds389.ts'
import { hiddenStates } from './hidden-state.ts'
import { ntHashing } from './nt-hash.ts'
import { reading } from './reading.ts'
import { renaming } from './rename.ts'
import { settingsOf, type DirectorySettings } from './settings.ts'
import { orUnavailable } from './unavailable.ts'

const flavours: Readonly<Record<DirectoryKind, Flavour>> = {
  openldap: openLdap,
  'active-directory': activeDirectory,
  ds389,
}

/** A directory whose product is known. Connects at the first operation. Throws when the file of authorities cannot be read. */
export function openDirectory(config: DirectoryConfig, kind: DirectoryKind): Directory {
  const settings = settingsOf(config, kind)
  const flavour = flavours[kind]
  const { primaries } = config
  const pool = createReplicatedPool({ ...poolOptions(config), primaries, writeMarks: flavour.writeMarks })
  const { idAttribute, idOf, idFilter, stateAttributes, notPeople } = flavour
  const people = anyClass(settings.personClasses)
  return {
    name: config.name,
    kind,
    settings,
    attributes: settings.attributes,
    people: notPeople === undefined ? people : filter`(&${people}(!${notPeople}))`,
    groups: anyClass(settings.groupClasses),
    idAttribute,
    idOf,
    idFilter,
    stateAttributes,
    ...reading(pool, flavour),
    ...renaming(pool.atPrimary),
    ...loginChanging(pool.atPrimary, settings.attributes.login),
    ...ntHashing(pool.atPrimary),
    ...hiddenStates(pool, kind),
    ...methodsOf(flavour, pool, settings),
    ping: () => orUnavailable(() => pool.ping()),
    stats: () => statsOf(pool),
    close: () => pool.close(),
  }
}

type ServerConfig = Pick<
  DirectoryConfig,
  'urls' | 'primaries' | 'startTls' | 'ca' | 'bind' | 'poolSize' | 'connectTimeout' | 'operationTimeout'
>

/** How to connect to servers, as a service account. */
export function poolOptions(config: ServerConfig): PoolOptions {
  const { urls, startTls, ca, bind, poolSize, connectTimeout, operationTimeout } = config
  const usual = urls.length + config.primaries.length > 1 ? 800 : 2_000
  return {
    urls,
    size: poolSize,
    connect: {
      startTls,
      bind,
      connectTimeout: connectTimeout ?? usual,
      operationTimeout,
      ...(ca !== undefined && { tls: { ca: readFileSync(ca) } }),
    },
  }
}

/** What decides a write is read where it is written: a replica may not know yet that somebody has locked the account, or another tool closed it. */
function methodsOf(flavour: Flavour, pool: ReplicatedPool, settings: DirectorySettings): FlavourMethods {
  const reads = flavour.open(pool, settings)
  if (!pool.lags) return reads
  const { lock, unlock, disable, enable, requireChange, setValidity, changePassword, setPassword } =
    flavour.open(pool.atPrimary, settings)
  return {
    ...reads,
    lock,
    unlock,
    disable,
    enable,
    requireChange,
    setValidity,
    changePassword,
    // The entry that was read a moment ago may come from a replica.
    setPassword: (dn, password, { mustChange }) => setPassword(dn, password, { mustChange }),
  }
}

function anyClass(classes: readonly string[]): Filter {
  return { type: 'or', filters: classes.map((name) => filter`(objectClass=${name})`) }
}

function statsOf(pool: Pool) {
  const { open, busy, waiting, errors } = pool.stats()
  return { open, busy, waiting, errorsByCode: new Map(Object.entries(errors)) }
}
