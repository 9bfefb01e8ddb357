import type { LscNote } from './lsc-note.ts'

/** An lsc.xml as it is written, with every default applied. Nothing here is decided yet: `to-tasks.ts` does. */
export type LscFile = {
  /** Of its namespace: `2.1`; '' without one. */
  readonly version: string
  readonly connections: readonly LscConnection[]
  readonly tasks: readonly LscTask[]
  readonly encryption: { readonly keyfile: string; readonly algorithm: string; readonly line: number } | null
  /** Of what is in no connection and no task. */
  readonly notes: readonly LscNote[]
}

type Named = { readonly name: string; readonly line: number; readonly notes: readonly LscNote[] }

export type LscConnection = LscLdapConnection | LscDatabaseConnection | LscPluginConnection
export type LscLdapConnection = Named & {
  readonly kind: 'ldap'
  readonly url: string
  readonly username: string
  readonly password: string
  readonly authentication: (typeof authentications)[number]
  readonly referral: (typeof referrals)[number]
  readonly derefAliases: (typeof derefs)[number]
  /** -1: no pages. */
  readonly pageSize: number
  readonly tlsActivated: boolean
  readonly binaryAttributes: readonly string[]
  readonly recursiveDelete: boolean
  readonly relaxRules: boolean
}
export type LscDatabaseConnection = Named & {
  readonly kind: 'database'
  readonly url: string
  readonly username: string
  readonly password: string
  readonly driver: string
}
export type LscPluginConnection = Named & { readonly kind: 'plugin'; readonly implementation: string }

export const authentications = ['NONE', 'SIMPLE', 'SASL', 'DIGEST-MD5', 'GSSAPI'] as const
export const referrals = ['FOLLOW', 'IGNORE', 'THROW', 'ERROR', 'THROUGH'] as const
export const derefs = ['NEVER', 'SEARCH', 'FIND', 'ALWAYS'] as const

export type LscTask = Named & {
  /** False: it lacks a part without which nothing can be said of the others. */
  readonly isWhole: boolean
  readonly source: LscSource
  readonly destination: LscDestination
  readonly errorIfEmptySource: boolean
  readonly options: LscOptions
  /** Paths, relative to the folder of the file. */
  readonly includes: readonly string[]
}

/** `script`: the 2.3 forms, whose text is JavaScript that gives the filter. */
export type LscFilter = { readonly text: string; readonly script: boolean; readonly line: number }

type LdapService = {
  readonly kind: 'ldap'
  readonly line: number
  readonly connection: string
  readonly baseDn: string
  readonly pivots: readonly string[]
  /** `*`: all user attributes. */
  readonly fetched: readonly string[]
  readonly all: LscFilter
  readonly one: LscFilter
}
export type LscLdapSource = LdapService & {
  readonly clean: LscFilter | null
  /** Of an asyncLdapSourceService: the product of the server. */
  readonly follows: (typeof serverTypes)[number] | null
  readonly polls: boolean
}
export const serverTypes = [
  'OpenLDAP',
  'ApacheDS',
  'OpenDS',
  'OpenDJ',
  'OracleDS',
  'SunDS',
  'NetscapeDS',
  'ActiveDirectory',
  'NovellEDirectory',
] as const
export type LscDatabaseSource = {
  readonly kind: 'database'
  readonly line: number
  readonly connection: string
  /** Ids of `<select>`s. */
  readonly list: string
  readonly object: string
  readonly clean: string | null
}
export type LscPluginService = {
  readonly kind: 'plugin'
  readonly line: number
  readonly connection: string
  readonly implementation: string
  /** Of the executable plug-in; null: another one. */
  readonly programs: LscPrograms | null
}
/** Paths of programs, as the file has them. */
export type LscPrograms = {
  readonly list: string
  readonly get: string | null
  readonly add: string | null
  readonly update: string | null
  readonly remove: string | null
  readonly rename: string | null
  readonly variables: Readonly<Record<string, string>>
  readonly fetched: readonly string[]
}
export type LscSource = LscLdapSource | LscDatabaseSource | LscPluginService
/** Ids of statements. */
export type LscDatabaseDestination = {
  readonly kind: 'database'
  readonly line: number
  readonly connection: string
  readonly list: string
  readonly object: string
  readonly insert: string
  readonly remove: string
}
export type LscDestination =
  | LdapService
  | LscDatabaseDestination
  | { readonly kind: 'other'; readonly line: number; readonly connection: string }
  | LscPluginService

export type LscOptions = {
  /** Null: the source's DN. */
  readonly mainIdentifier: string | null
  readonly transformations: readonly LscTransformation[]
  readonly delimiter: string
  readonly policy: LscPolicy
  readonly conditions: Readonly<Record<'create' | 'update' | 'delete' | 'changeId', string>>
  readonly hooks: readonly LscHook[]
  readonly datasets: readonly LscDataset[]
}
export const policies = ['FORCE', 'KEEP', 'MERGE'] as const
export type LscPolicy = (typeof policies)[number]
export const origins = ['SOURCE', 'DESTINATION', 'BOTH'] as const
export type LscTransformation = {
  readonly from: string
  readonly to: string
  readonly origin: (typeof origins)[number]
  readonly script: string
  readonly line: number
}
export type LscHook = {
  readonly after: 'create' | 'update' | 'delete' | 'rename'
  readonly command: string
  readonly format: 'ldif' | 'json'
}
/** Null values: not defined. */
export type LscDataset = {
  readonly name: string
  readonly line: number
  readonly policy: LscPolicy | null
  readonly delimiter: string | null
  readonly defaultValues: readonly string[] | null
  readonly forceValues: readonly string[] | null
  readonly createValues: readonly string[] | null
}
