import type { DeskAccount } from '../../src/accounts/read-account.ts'
import type { Translate } from '../../src/messages/message.ts'
import { passwordPlaces } from '../password-places.ts'
import { postButton } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { notice } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'
import type { ActResult } from './act-results.ts'
import type { Reader } from './state-words.ts'

/** What came of the act, and what to do next. A generated password is shown here and nowhere else. */
export function resultNotice(
  { t }: Reader,
  { person, shown, state, ref }: DeskAccount,
  result: ActResult,
  csrf: () => string,
): SafeHtml {
  const { changed, generated, mustChange, notified, targets, renamed } = result
  if (!changed) return notice('info', html`<p>${t('act.already')}</p>`, true)
  const bites = state.conditions.some(({ kind }) => kind === 'must-change')
  const isLost = targets.some(({ lost }) => lost.includes('must-change'))
  const next = mustChange && !isLost ? t(bites ? 'reset.willChange' : 'reset.wontChange') : null
  const isPartly = isDoneInPart(result)
  return notice(
    isPartly ? 'warning' : 'success',
    html`<p><strong>${t(doneKey(result, isPartly))}</strong></p>
      ${generated === null ? null : secret(t('reset.generated', { name: shown.displayName }), generated, t('reset.once'))}
      ${passwordPlaces(t, targets)} ${next === null ? null : html`<p>${next}</p>`}
      ${notified && person.mail.length > 0 ? html`<p>${t('reset.notified')}</p>` : null}
      ${renamed === null || isAllRenamed(renamed) ? null : renameAgain(t, renamed, { login: ref.login, csrf: csrf() })}`,
    true,
  )
}

function isDoneInPart({ targets, renamed }: ActResult): boolean {
  const isMissing = targets.some(
    ({ outcome, ntHash, lost }) => outcome !== 'written' || ntHash === 'failed' || lost.length > 0,
  )
  return isMissing || (renamed !== null && !isAllRenamed(renamed))
}

type Renamed = NonNullable<ActResult['renamed']>

function isAllRenamed({ failed, unsearched }: Renamed): boolean {
  return failed.length === 0 && unsearched.length === 0
}

function doneKey({ act }: ActResult, isPartly: boolean) {
  return isPartly && (act === 'reset' || act === 'rename')
    ? (`act.${act}.partly` as const)
    : (`act.${act}.done` as const)
}

/** The same rename once more, by the old login: it goes on where it stopped. */
function renameAgain(
  t: Translate,
  { from, failed, unsearched }: Renamed,
  { login, csrf }: { login: string; csrf: string },
): SafeHtml {
  const again = { action: path('desk', from, 'rename'), csrf, label: t('act.rename.again') }
  return html`${failed.length === 0 ? null : html`<p>${t('act.rename.failed', { entries: failed.join(' · ') })}</p>`}
  ${unsearched.length === 0 ? null : html`<p>${t('act.rename.unsearched', { branches: unsearched.join(' · ') })}</p>`}
  ${postButton({ ...again, fields: { login } })}`
}

/** A field, so that one tap selects all of it and it can be copied without a script. */
function secret(label: string, value: string, hint: string): SafeHtml {
  return html`<div class="field secret">
    <label for="field-generated">${label}</label>
    <input
      id="field-generated"
      type="text"
      readonly
      value="${value}"
      size="${value.length}"
      autocomplete="off"
      spellcheck="false"
      aria-describedby="hint-generated"
    />
    <p class="hint" id="hint-generated">${hint}</p>
  </div>`
}
