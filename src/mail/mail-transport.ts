/** A mail as it leaves, for one or several addresses of one person. */
export type Mail = {
  tenant: string
  from: string
  to: string[]
  subject: string
  text: string
  html: string
}

export interface MailTransport {
  /** Hands a mail over. Throws `MailRefused` when to try again is no use, any other error when it may help. */
  send(mail: Mail): Promise<void>
  close(): Promise<void>
}

/** The server refused the mail for good (SMTP 5xx). Neither text nor addresses: this is logged. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'

  constructor(status: number) {
    super(`the mail server refused the mail with ${status}`)
  }
}
