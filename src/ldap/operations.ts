import type { CallOutcome, CallRequest } from './call.ts'
import type { ExchangeOptions } from './channel.ts'
import {
  PASSWORD_MODIFY,
  type PasswordModify,
  readGeneratedPassword,
  writePasswordModify,
} from './extended/password-modify.ts'
import { WHO_AM_I } from './extended/who-am-i.ts'
import { resultCode } from './result-code.ts'
import { expectSuccess, LdapError, type Outcome } from './result.ts'
import { type Collected, collectSearch, Search, type SearchParameters } from './search.ts'
import type { SearchSource } from './search-run.ts'
import type { Change, Value } from './update-message.ts'
import type { FoundEntry } from './wire-entry.ts'

export type OperationOptions = ExchangeOptions

/**
 * The operations of LDAP, on one connection or on a pool of them. A refusal by the server is an `LdapError`, anything
 * else that goes wrong an `LdapFailure`. DNs are text in the form of RFC 4514: build them with the `dn` template.
 */
export interface Operations {
  /** Entries one by one, in constant memory. */
  search(parameters: SearchParameters): Search
  /** All entries at once: for searches that are known to be small. */
  searchAll(parameters: SearchParameters): Promise<Collected>
  /** The entry at this DN; undefined when there is none (or none that the bound user may see). */
  read(dn: string, options?: ReadOptions): Promise<FoundEntry | undefined>
  add(
    dn: string,
    attributes: Readonly<Record<string, readonly Value[]>>,
    options?: OperationOptions,
  ): Promise<Outcome>
  modify(dn: string, changes: readonly Change[], options?: OperationOptions): Promise<Outcome>
  modifyDn(dn: string, to: NewDn, options?: OperationOptions): Promise<Outcome>
  delete(dn: string, options?: OperationOptions): Promise<Outcome>
  compare(dn: string, attribute: string, value: Value, options?: OperationOptions): Promise<boolean>
  extended(oid: string, value?: Buffer, options?: OperationOptions): Promise<CallOutcome>
  /** RFC 3062. The outcome has the password that the server generated when no new one was given, as raw bytes. */
  passwordModify(
    change: PasswordModify,
    options?: OperationOptions,
  ): Promise<Outcome & { readonly generated?: Buffer }>
  /** RFC 4532: such as `dn:uid=alice,ou=people`; empty when anonymous. */
  whoAmI(options?: OperationOptions): Promise<string>
}

export type ReadOptions = OperationOptions & Pick<SearchParameters, 'attributes' | 'filter'>
export type NewDn = {
  readonly newRdn: string
  readonly deleteOldRdn?: boolean
  readonly newSuperior?: string
}

/** Sends one request that has one response. */
export type Caller = (request: CallRequest, options: OperationOptions) => Promise<CallOutcome>

/** The operations over whatever sends them. */
export function makeOperations(call: Caller, source: SearchSource): Operations {
  const run = async (request: CallRequest, options: OperationOptions = {}): Promise<CallOutcome> =>
    expectSuccess(await call(request, options))
  return {
    ...searches(source),
    add: (dn, attributes, options) => {
      const list = Object.entries(attributes).map(([name, values]) => ({ name, values }))
      return run({ type: 'add', dn, attributes: list }, options)
    },
    modify: (dn, changes, options) => run({ type: 'modify', dn, changes }, options),
    modifyDn: (dn, to, options) => run({ type: 'modifyDn', dn, deleteOldRdn: true, ...to }, options),
    delete: (dn, options) => run({ type: 'delete', dn }, options),
    compare: async (dn, attribute, value, options = {}) => {
      const outcome = await call({ type: 'compare', dn, attribute, value }, options)
      return (
        expectSuccess(outcome, resultCode.compareFalse, resultCode.compareTrue).code ===
        resultCode.compareTrue
      )
    },
    extended: (oid, value, options) => run({ type: 'extended', oid, ...(value && { value }) }, options),
    passwordModify: async (change, options) => {
      const value = writePasswordModify(change)
      const outcome = await run({ type: 'extended', oid: PASSWORD_MODIFY, value }, options)
      const generated = readGeneratedPassword(outcome.value)
      return generated ? { ...outcome, generated } : outcome
    },
    whoAmI: async (options) =>
      (await run({ type: 'extended', oid: WHO_AM_I }, options)).value?.toString('utf8') ?? '',
  }
}

function searches(source: SearchSource): Pick<Operations, 'search' | 'searchAll' | 'read'> {
  return {
    search: (parameters) => new Search(parameters, source),
    searchAll: (parameters) => collectSearch(parameters, source),
    read: async (dn, options) => {
      try {
        const { entries } = await collectSearch({ ...options, base: dn, scope: 'base' }, source)
        return entries[0]
      } catch (error) {
        if (error instanceof LdapError && error.code === resultCode.noSuchObject) return undefined
        throw error
      }
    },
  }
}
