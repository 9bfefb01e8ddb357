import type { CaughtMail } from '../../src/mail/caught-mail.ts'
import type { Locale, Translate } from '../../src/messages/message.ts'
import { card, definitions, emptyState, pageHead } from '../web/data.ts'
import { html, type HtmlValue, type SafeHtml } from '../web/html.ts'
import { icon } from '../web/icon.ts'
import { path, safeUrl } from '../web/safe-url.ts'
import { moment } from '../web/time.ts'

/** The list asks for itself: a mail comes a moment after the act that wrote it. */
export function inboxPage(t: Translate, list: SafeHtml): SafeHtml {
  return html`${pageHead(t('demoInbox.title'), { lead: t('demoInbox.lead') })}
    <div hx-get="/demo/inbox" hx-trigger="every 2s" hx-swap="innerHTML" aria-live="polite">${list}</div>`
}

export function mailList(t: Translate, locale: Locale, mails: readonly CaughtMail[]): SafeHtml {
  if (mails.length === 0) return emptyState('mail', t('demoInbox.empty'), t('demoInbox.emptyAdvice'))
  return card(
    html`<ul class="list">
      ${mails.map(
        ({ id, subject, to, caughtAt }) =>
          html`<li>
            ${icon('mail')}
            <div class="main">
              <p><a href="${path('demo', 'inbox', id)}">${subject}</a></p>
              <p>${to.join(', ')} · ${moment(locale, caughtAt)}</p>
            </div>
          </li>`,
      )}
    </ul>`,
  )
}

export function mailPage(t: Translate, locale: Locale, mail: CaughtMail): SafeHtml {
  const head = definitions([
    [t('demoInbox.from'), mail.from],
    [t('demoInbox.to'), mail.to.join(', ')],
    [t('demoInbox.time'), moment(locale, mail.caughtAt)],
  ])
  return html`${pageHead(mail.subject)} ${card(head)} ${card(letter(mail.text))}
    <p><a href="/demo/inbox">${t('demoInbox.all')}</a></p>`
}

/** The text of a mail in paragraphs, its addresses as links. */
function letter(text: string): HtmlValue[] {
  return text.split('\n\n').map((paragraph) => html`<p>${paragraph.split('\n').map(line)}</p>`)
}

function line(text: string, index: number): SafeHtml {
  return html`${index > 0 ? html`<br />` : null}${text.split(/(https?:\/\/[^\s<>"]+)/).map(linked)}`
}

/** Every second part is an address, because the pattern of `split` has one group. */
function linked(part: string, index: number): HtmlValue {
  const url = index % 2 === 1 ? safeUrl(part) : null
  return url === null ? part : html`<a href="${url}">${part}</a>`
}
