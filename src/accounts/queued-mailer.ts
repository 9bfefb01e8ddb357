import type { Jobs } from '../jobs/start-jobs.ts'
import { composeMail } from '../mail/compose-mail.ts'
import type { Mailer } from './mailer.ts'

/**
 * Writes mails in the tenant's language and queues them. `from` is used where the tenant has no address of its own. `onError` is told when the
 * queue was out of reach: the act that asked for the mail is done by then.
 */
export function createQueuedMailer(
  jobs: Pick<Jobs, 'send'>,
  { from, onError }: { from: string; onError: (error: unknown) => void },
): Mailer {
  return {
    async send({ config, name }, { mail, displayName, login }, content) {
      if (mail.length === 0) return
      const frame = {
        locale: config.locale,
        organisation: config.displayName,
        login,
        name: displayName ?? login,
      }
      const letter = composeMail(content, frame)
      const envelope = { tenant: name, from: config.mailFrom ?? from, to: [...mail] }
      await jobs.send('mail.send', { ...envelope, ...letter }).catch(onError)
    },
  }
}
