import { html } from '@remix-run/html-template'
import { translator, type Locale, type Translate } from '../messages/message.ts'

/** What a mail is about. */
export type MailContent =
  | { template: 'recovery'; link: string; minutes: number }
  | { template: 'password-reset' }
  | { template: 'password-changed' }

/** Whom it is for, in whose name. */
export type MailFrame = { locale: Locale; organisation: string; login: string; name: string }

type Letter = { subject: string; before: string[]; action?: { label: string; link: string }; after: string[] }

/** Writes a mail, as text and as HTML that says the same. */
export function composeMail(
  content: MailContent,
  frame: MailFrame,
): { subject: string; text: string; html: string } {
  const t = translator(frame.locale)
  const letter = letterOf(content, frame, t)
  const before = [t('mail.greeting', { name: frame.name }), ...letter.before]
  const after = [...letter.after, t('mail.footer', { organisation: frame.organisation })]
  const action = letter.action
  return {
    subject: letter.subject,
    text: [...before, ...(action ? [`${action.label}\n${action.link}`] : []), ...after].join('\n\n'),
    html: page({ ...letter, before, after }, frame.locale),
  }
}

function letterOf(content: MailContent, { organisation, login }: MailFrame, t: Translate): Letter {
  const about = { organisation, login }
  switch (content.template) {
    case 'recovery':
      return {
        subject: t('mail.recovery.subject'),
        before: [t('mail.recovery.body', about)],
        action: { label: t('mail.recovery.action'), link: content.link },
        after: [t('mail.recovery.expiry', { minutes: content.minutes }), t('mail.recovery.ignore')],
      }
    case 'password-reset':
      return {
        subject: t('mail.passwordReset.subject'),
        before: [t('mail.passwordReset.body', about)],
        after: [t('mail.passwordReset.advice')],
      }
    case 'password-changed':
      return {
        subject: t('mail.passwordChanged.subject'),
        before: [t('mail.passwordChanged.body', about)],
        after: [t('mail.passwordChanged.advice')],
      }
  }
}

const font =
  'font-family: system-ui, sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em; margin: 1.5em auto'
const button =
  'display: inline-block; padding: 0.6em 1.2em; border-radius: 4px; background: #1d4ed8; color: #ffffff'

function page({ subject, before, action, after }: Letter, locale: Locale): string {
  const paragraph = (text: string) => html`<p>${text}</p>`
  return String(
    html`<!doctype html>
      <html lang="${locale}">
        <head>
          <meta charset="utf-8" />
          <title>${subject}</title>
        </head>
        <body style="${font}">
          ${before.map(paragraph)}
          ${action ? html`<p><a href="${action.link}" style="${button}">${action.label}</a></p>` : null}
          ${after.map(paragraph)}
        </body>
      </html>`,
  )
}
