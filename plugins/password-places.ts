import type { Unfinished } from '../src/accounts/password/unfinished-write.ts'
import { isMessageKey, type Translate } from '../src/messages/message.ts'
import type { TargetDocument } from './password-targets.ts'
import { linkButton, postButton } from './web/form.ts'
import { html, type SafeHtml } from './web/html.ts'
import { notice } from './web/notice.ts'

/** Which directory has which password, line by line; nothing when there is one and it has all of it. */
export function passwordPlaces(t: Translate, targets: readonly TargetDocument[]): SafeHtml | null {
  const lines = targets.flatMap((target) => linesOf(t, target, targets.length > 1))
  return lines.length === 0
    ? null
    : html`<ul>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`
}

function linesOf(t: Translate, target: TargetDocument, isOneOfMany: boolean): string[] {
  const { directory, outcome, reason, putBack, lost, ntHash } = target
  if (outcome === 'failed') {
    return [t(reason === 'directory-refused' ? 'target.refusedByServer' : 'target.failed', { directory })]
  }
  if (outcome === 'refused') {
    const why = `fault.directory-${reason ?? ''}`
    return [t('target.refused', { directory, why: t(isMessageKey(why) ? why : 'fault.invalid') })]
  }
  return [
    ...(isOneOfMany ? [t('target.written', { directory })] : []),
    ...putBack.map((what) => t(`target.putBack.${what}`)),
    ...lost.map((what) => t(`target.lost.${what}`, { directory })),
    ...(ntHash === 'failed' ? [t('target.ntHash', { directory })] : []),
  ]
}

/** What follows a change that not every directory has taken: which has which password, and where to go from here. */
export function partlyPage(
  t: Translate,
  targets: readonly TargetDocument[],
  next: { lead: string; href: string; label: string },
): SafeHtml {
  return html`<h1>${t('account.passwordPartly')}</h1>
    ${notice('warning', html`${passwordPlaces(t, targets)}`, true)}
    <p>${next.lead}</p>
    <p>${linkButton(next.href, next.label, 'primary')}</p>`
}

/** While a directory misses the last new password: which, and the button that writes it there. */
export function unfinishedNotice(
  t: Translate,
  { id, missing }: Unfinished,
  { action, csrf }: { action: string; csrf: string },
): SafeHtml {
  const directories = missing.map(({ directory }) => directory).join(', ')
  return notice(
    'warning',
    html`<p><strong>${t('target.retryTitle')}</strong></p>
      <p>${t('target.retryText', { directories })}</p>
      ${postButton({ action, csrf, label: t('target.retry'), tone: 'primary', fields: { id } })}`,
  )
}
