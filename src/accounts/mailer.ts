import type { Tenant } from '../tenants/tenant.ts'
import type { Person } from './person.ts'

/** The mails that acts on accounts send. */
export type AccountMail =
  | { template: 'password-reset' }
  | { template: 'password-changed' }
  | { template: 'recovery'; link: string; minutes: number }

/** Queues a mail to the person's addresses; a person without one gets none. Sending never fails the act that asked for it. */
export interface Mailer {
  send(
    tenant: Tenant,
    person: Pick<Person, 'mail' | 'displayName' | 'login'>,
    mail: AccountMail,
  ): Promise<void>
}
