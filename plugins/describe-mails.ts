import { Counter, type Registry } from 'prom-client'
import type { MailCount } from '../src/mail/mail-counts.ts'

/** What became of mails that this process handed over, or tried to. */
export function describeMails(registry: Registry, read: () => readonly MailCount[]): void {
  const mails = new Counter({
    name: 'idaas_mails_total',
    help: 'Mails of this process: sent, refused by the mail server for good, or failed and to be tried again.',
    labelNames: ['tenant', 'result'],
    registers: [registry],
    collect() {
      // What was read the last time is in what is counted now.
      this.reset()
      for (const { tenant, result, count } of read()) this.inc({ tenant, result }, count)
    },
  })
  void mails
}
