import type { DirectoryConfig } from '../../config/directory-schema.ts'
import type { TenantConfig, UseName } from '../../config/tenant-schema.ts'
import type { ConnectOptions, Connection } from '../../ldap/connection.ts'
import { toDn } from '../../ldap/dn.ts'
import { first, makeEntry, type Entry } from '../../ldap/entry.ts'
import { filter, parseFilter, type Filter } from '../../ldap/filter.ts'
import { LdapError } from '../../ldap/result.ts'
import { readSchema, type Schema } from '../../ldap/schema.ts'
import { kindOf } from '../detect-kind.ts'
import { poolOptions } from '../open-directory.ts'
import { settingsOf, type DirectorySettings } from '../settings.ts'
import type { Probe, ProbedServer, Sample, UsedBase } from './probe.ts'
import { readSlapdConfig } from './slapd-config.ts'

/** People of each branch whose passwords are looked at. */
const SAMPLE = 20
/** Milliseconds that an operation of the doctor may take. */
const OPERATION_MS = 2_000

/** As the service connects, with less patience. */
export function connectOptions(config: DirectoryConfig): Omit<ConnectOptions, 'url' | 'signal'> {
  const { connect } = poolOptions(config)
  return {
    ...connect,
    connectTimeout: Math.min(connect.connectTimeout ?? 2_000, 2_000),
    operationTimeout: Math.min(config.operationTimeout, OPERATION_MS),
  }
}

type Reached = Pick<Probe, 'servers' | 'report'> & { now: () => Date }

/** Reads what all checks need. Undefined when no server was reached. */
export async function openProbe(
  tenant: TenantConfig,
  config: DirectoryConfig,
  { servers, report, now }: Reached,
): Promise<Probe | undefined> {
  const [server] = servers
  if (server === undefined) return undefined
  const { connection, url } = server
  const rootDse = (await connection.read('', { attributes: ['*', '+'] })) ?? makeEntry('', {})
  const settings = settingsOf(config, config.kind ?? kindOf(rootDse))
  const bases = basesOf(tenant, settings)
  const [used] = bases
  const root = first(rootDse, 'configContext')
  const [account, schema, slapd, samples] = await Promise.all([
    accountOf(server, settings),
    readSubschema(connection, rootDse),
    root === undefined || used === undefined ? undefined : readSlapdConfig(connection, root, used.base),
    readSamples(connection, bases),
  ])
  return {
    settings,
    configuredKind: config.kind,
    servers,
    url,
    connection,
    account,
    bases,
    samples,
    rootDse,
    schema,
    config: slapd,
    clock: now,
    report,
  }
}

/** SASL knows the account by another name than the directory does. */
async function accountOf({ connection }: ProbedServer, { bind, kind }: DirectorySettings): Promise<string> {
  if (kind === 'active-directory' && 'dn' in bind) return bind.dn
  const known = await unlessRefused(() => connection.whoAmI())
  return known?.startsWith('dn:') === true ? known.slice(3).trim() : 'dn' in bind ? bind.dn : ''
}

async function readSubschema(connection: Connection, rootDse: Entry): Promise<Schema | undefined> {
  const dn = first(rootDse, 'subschemaSubentry')
  if (dn === undefined) return undefined
  const attributes = ['attributeTypes', 'objectClasses', 'ldapSyntaxes']
  const entry = await unlessRefused(() => connection.read(dn, { attributes }))
  return entry === undefined || entry.attributes.size === 0 ? undefined : readSchema(entry)
}

function basesOf(tenant: TenantConfig, settings: DirectorySettings): UsedBase[] {
  const useNames: readonly UseName[] = ['signIn', 'desk', 'whitePages', 'groups']
  return useNames.flatMap((use) => {
    const classes = use === 'groups' ? settings.groupClasses : settings.personClasses
    const ofClass = filter`(|${classes.map((name) => filter`(objectClass=${name})`)})`
    return tenant.uses[use]
      .filter(({ directory }) => directory === settings.name)
      .map(({ base, filter: text }) => ({ use, base: toDn(base), filter: both(ofClass, text) }))
  })
}

function both(ofClass: Filter, text: string | undefined): Filter {
  return text === undefined ? ofClass : { type: 'and', filters: [ofClass, parseFilter(text)] }
}

/** A few people of the branches whose accounts are signed in to or written. */
async function readSamples(connection: Connection, bases: readonly UsedBase[]): Promise<Sample[]> {
  const attributes = ['userPassword', 'pwdPolicySubentry', 'pwdReset']
  const used = bases.filter(({ use }) => use === 'signIn' || use === 'desk')
  return await Promise.all(
    used.map(async (base) => {
      const query = { base: base.base, filter: base.filter, attributes, sizeLimit: SAMPLE }
      const found = await unlessRefused(() => connection.searchAll(query))
      return { base, people: found?.entries ?? [] }
    }),
  )
}

/** What the service account may not see is not there for it. */
async function unlessRefused<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation()
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}
