import { MailRefused, type Mail, type MailTransport } from './mail-transport.ts'

/**
 * Sends a queued mail. What the server refused for good is told to `onRefused` and left; any other failure is thrown, so that the queue
 * tries again. A mail whose hand-over was cut off may arrive twice, never not at all.
 */
export async function sendMail(
  transport: MailTransport,
  mail: Mail,
  onRefused: (error: MailRefused) => void,
): Promise<void> {
  try {
    await transport.send(mail)
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error
    onRefused(error)
  }
}
