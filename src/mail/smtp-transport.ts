import { createTransport } from 'nodemailer'
import { z } from 'zod'
import { MailRefused, type MailTransport } from './mail-transport.ts'
import { codeOf } from '../problems/thrown.ts'

/**
 * Sends by SMTP over a few kept connections. `url` is `smtp://` (STARTTLS when the server offers it, demanded when there is a password) or
 * `smtps://`, with user and password in it where needed. The server's certificate is checked, by `ca` (PEM) instead of the system's
 * authorities when given.
 */
export function createSmtpTransport(
  url: string,
  { timeout = 10_000, ca }: { timeout?: number; ca?: string } = {},
): MailTransport {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isTls = protocol === 'smtps:'
  const auth =
    username === '' ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  const transport = createTransport({
    pool: true,
    maxConnections: 3,
    host: hostname,
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    secure: isTls,
    requireTLS: auth !== undefined,
    ...(auth && { auth }),
    ...(ca !== undefined && { tls: { ca } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    // A mail is text of ours; nothing in it may make the library read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  return {
    async send({ from, to, subject, text, html }) {
      const mail = {
        from,
        to: to.filter(isAddress).map((address) => ({ name: '', address })),
        subject,
        text,
        html,
      }
      if (mail.to.length === 0) throw new MailRefused(553)
      // RFC 3834: no out-of-office answers to this.
      const headers = { 'Auto-Submitted': 'auto-generated' }
      try {
        await transport.sendMail({ ...mail, headers })
      } catch (error) {
        const status = statusOf(error)
        throw status >= 500 && status < 600 ? new MailRefused(status) : withoutAddresses(error)
      }
    },
    async close() {
      transport.close()
    },
  }
}

/** The library reads lists and names out of an address; what a directory holds must stay one address. */
function isAddress(text: string): boolean {
  return /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\]+$/.test(text)
}

const reply = z.object({ responseCode: z.number() })

function statusOf(error: unknown): number {
  return reply.safeParse(error).data?.responseCode ?? 0
}

/** The library's errors quote the server, which quotes the address. */
function withoutAddresses(error: unknown): Error {
  return new Error(
    `the mail server could not be used: ${codeOf(error) || 'unknown'} ${statusOf(error) || ''}`.trimEnd(),
  )
}
