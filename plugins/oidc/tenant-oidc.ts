import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Judgement } from '../../src/accounts/password/judge-password.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { Artefacts } from './artefacts/artefacts.ts'
import type { Consents } from './artefacts/consents.ts'
import type { CookieSigner } from './cookies.ts'
import type { Documents } from './documents.ts'

/** The provider with its present keys, ready to answer. */
export type RunningProvider = {
  provider: Provider
  documents: Documents
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** OpenID Connect of one tenant, as routes need it. */
export type TenantOidc = {
  tenant: Tenant
  artefacts: Artefacts
  consents: Consents
  signer: CookieSigner
  /** What is said of a new password before it is typed. */
  passwordRules: Judgement
  /** Whether sessions and tokens of the account are good: it is there, and neither disabled nor ended. */
  mayGoOn(accountId: string): Promise<boolean>
  /** Ends one browser session and revokes what was issued in it. */
  endSession(uid: string): Promise<void>
  isClientOrigin(origin: string | undefined): boolean
  /** Throws Problem `store-unavailable` when the signing keys cannot be read. */
  running(): Promise<RunningProvider>
}
