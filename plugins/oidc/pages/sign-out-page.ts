import type { Translate } from '../../../src/messages/message.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { notice } from '../../web/notice.ts'

export type SignOutView = {
  /** The library's own token against forged sign-outs. */
  xsrf: string
  /** The application that asked; null when none did. */
  application: string | null
}

/** Asks before signing out: a link from elsewhere must not do it. */
export function signOutPage(t: Translate, { xsrf, application }: SignOutView): SafeHtml {
  return html`<h1>${t('signOut.title')}</h1>
    <form method="post" action="/oauth2/logout/confirm">
      <input type="hidden" name="xsrf" value="${xsrf}" />
      <p>${application === null ? t('signOut.question') : t('signOut.questionFrom', { application })}</p>
      <div class="acts">
        <button type="submit" class="button primary" name="logout" value="yes">
          ${t('signOut.everywhere')}
        </button>
        <button type="submit" class="button quiet">${t('signOut.stay')}</button>
      </div>
    </form>`
}

/** Says that the person is signed out; `application` is the one that asked. */
export function signedOutPage(t: Translate, application: string | null): SafeHtml {
  return html`<h1>${t('signOut.doneTitle')}</h1>
    ${notice('success', application === null ? t('signOut.done') : t('signOut.doneFrom', { application }))}
    <p><a class="button quiet" href="/">${t('web.home')}</a></p>`
}

/** An error of a sign-in that cannot be told to the application. What came with the request is text here. */
export function errorPage(t: Translate, { code, detail }: { code: string; detail: string }): SafeHtml {
  const isExpired = code === 'expired'
  return html`<h1>${t(isExpired ? 'oidcError.expiredTitle' : 'oidcError.title')}</h1>
    ${notice('danger', t(isExpired ? 'oidcError.expired' : errorKey(code)))}
    ${isExpired ? null : html`<p class="hint">${t('oidcError.detail', { code, detail })}</p>`}
    <p><a class="button quiet" href="/">${t('web.home')}</a></p>`
}

function errorKey(code: string) {
  return code === 'temporarily_unavailable' ? 'oidcError.unavailable' : 'oidcError.general'
}
