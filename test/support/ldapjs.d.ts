/** The little of ldapjs (a peer in the tests, without types of its own) that the tests call as a client. */
declare module 'ldapjs' {
  import type { EventEmitter } from 'node:events'

  type Callback<T = unknown> = (error: Error | null, result: T) => void

  export interface Client extends EventEmitter {
    bind(dn: string, password: string, callback: Callback): void
    add(dn: string, entry: Record<string, string | string[]>, callback: Callback): void
    modify(dn: string, changes: Change | Change[], callback: Callback): void
    modifyDN(dn: string, newDn: string, callback: Callback): void
    compare(dn: string, attribute: string, value: string, callback: Callback<boolean>): void
    del(dn: string, callback: Callback): void
    search(base: string, options: object, callback: Callback<EventEmitter>): void
    unbind(callback: () => void): void
  }

  export class Change {
    readonly operation: string
    constructor(change: { operation: string; modification: Attribute })
  }

  export class Attribute {
    readonly type: string
    constructor(attribute: { type: string; values: string[] })
  }

  export function createClient(options: { url: string }): Client
}
