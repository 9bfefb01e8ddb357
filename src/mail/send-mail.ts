import type { MailCounts } from './mail-counts.ts'
import { MailRefused, type Mail, type MailTransport } from './mail-transport.ts'

/**
 * Sends a queued mail. What the server refused for good is told to `onRefused` and left; any other failure is thrown, so that the queue
 * tries again. What became of it is counted. A mail whose hand-over was cut off may arrive twice, never not at all.
 */
export async function sendMail(
  transport: MailTransport,
  mail: Mail,
  { onRefused, counts }: { onRefused: (error: MailRefused) => void; counts: Pick<MailCounts, 'add'> },
): Promise<void> {
  try {
    await transport.send(mail)
    counts.add(mail.tenant, 'sent')
  } catch (error) {
    const isRefused = error instanceof MailRefused
    counts.add(mail.tenant, isRefused ? 'refused' : 'failed')
    if (!isRefused) throw error
    onRefused(error)
  }
}
