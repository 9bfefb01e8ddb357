import type { Config } from '../config/schema.ts'
import type { MessageKey, MessageParams } from '../messages/message.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** What came of one expectation: `unlike` says what is otherwise, each a text; empty when it is as expected. */
export type Outcome = { readonly what: Said; readonly unlike: readonly Said[] }
export type Said = readonly [key: MessageKey, params: MessageParams]

/** What `src/main.ts` hands in, because it is not for `src` to know. */
export type Expectations = {
  /** What an application would be told of a person. Null when nobody of that name may sign in. Throws when there is no such client. */
  claimsFor(
    tenant: Tenant,
    login: string,
    clientId: string,
  ): Promise<Readonly<Record<string, unknown>> | null>
  /** Runs the cases of a folder and prints what came of them. True when all are as expected. */
  testSync(config: Config, tenant: string, folder: string): Promise<boolean>
}
