import type { Tenant } from '../tenants/tenant.ts'

/** The sign-in sessions of people, as acts on accounts need them; the OpenID Connect provider keeps them. */
export interface Sessions {
  /** Ends every session of the person and revokes what was issued in them, but for the session with the id `except`. */
  endAll(tenant: Tenant, accountId: string, except?: string): Promise<void>
}
