/** The little of ldapjs (a peer in the tests and benches, without types of its own) that they call. */
declare module 'ldapjs' {
  import type { EventEmitter } from 'node:events'
  import type { Server as NetServer } from 'node:net'

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

  export class EqualityFilter {
    readonly attribute: string
    constructor(filter: { attribute: string; value: string })
  }

  export interface Dn {
    toString(): string
    parent(): Dn
  }

  export interface Request {
    readonly dn: Dn
    readonly controls: readonly { readonly type: string; readonly value: { size: number; cookie: Buffer } }[]
  }

  export interface Response {
    send(entry: { dn: string; attributes: Record<string, string[]> }): void
    addControl(control: PagedResultsControl): void
    end(result?: boolean): void
  }

  export interface SearchRequest extends Request {
    readonly scopeName: 'base' | 'single' | 'subtree'
    readonly filter: { matches(attributes: Record<string, string[]>): boolean }
  }

  type Modify = { readonly modification: { readonly type: string; readonly values: string[] } }
  type Handler<T = object> = (request: Request & T, response: Response, next: (error: Error) => void) => void

  export interface Server extends EventEmitter {
    readonly server: NetServer
    readonly url: string
    bind(base: string, handler: Handler<{ readonly credentials: string }>): void
    search(base: string, handler: Handler<SearchRequest>): void
    add(base: string, handler: Handler<{ readonly attributes: { type: string; values: string[] }[] }>): void
    modify(base: string, handler: Handler<{ readonly changes: readonly Modify[] }>): void
    modifyDN(base: string, handler: Handler<{ readonly newRdn: Dn }>): void
    compare(base: string, handler: Handler<{ readonly attribute: string; readonly value: string }>): void
    del(base: string, handler: Handler): void
    listen(port: number, host: string, ready: () => void): void
    close(done: () => void): void
  }

  export class PagedResultsControl {
    readonly type: string
    constructor(control: { value: { size: number; cookie: Buffer | string } })
  }

  /** Node sees only the default export of ldapjs, vitest the names too. */
  const ldapjs: {
    createClient(options: { url: string }): Client
    createServer(): Server
    Attribute: typeof Attribute
    Change: typeof Change
    EqualityFilter: typeof EqualityFilter
    PagedResultsControl: typeof PagedResultsControl
    InvalidCredentialsError: new () => Error
    NoSuchObjectError: new () => Error
  }
  export default ldapjs
}
