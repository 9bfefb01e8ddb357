import { isMessageKey, type Translate } from '../../../src/messages/message.ts'
import type { Frozen } from '../../../src/store/sync-freeze.ts'
import type { GuardFinding, Run } from '../../../src/store/sync-runs.ts'
import { html, type HtmlValue, type SafeHtml } from '../../web/html.ts'
import { notice } from '../../web/notice.ts'
import { leftToDo, runPath, totalOf } from './run-words.ts'
import type { Reader } from './reader.ts'

/** What somebody should know of a run: why it is held or was stopped, what it left, and what to do about it. */
export function noticesOf(reader: Reader, run: Run, frozen: Frozen | null): HtmlValue {
  const { t } = reader
  return [
    run.state === 'held' ? guardsNotice(t, run) : null,
    failureNotice(t, run),
    waitingNotice(t, run, frozen),
    leftNotice(t, run),
    outcomeNotice(t, run),
  ]
}

function guardsNotice(t: Translate, { guards }: Run): SafeHtml | null {
  if (guards.length === 0) return null
  return notice(
    'warning',
    html`<p><strong>${t('sync.guard.title')}</strong></p>
      <ul>
        ${guards.map((finding) => html`<li>${guardText(t, finding)} ${t(`sync.guard.${finding.guard}.advice`)}</li>`)}
      </ul>`,
  )
}

export function guardText(t: Translate, { guard, count, limit }: GuardFinding): string {
  return t(`sync.guard.${guard}`, { count, limit })
}

function failureNotice(t: Translate, { failure, state }: Run): SafeHtml | null {
  if (failure === null || state === 'cancelled') return null
  const { code, detail } = failure
  const key = `sync.failure.${code}`
  const known = isMessageKey(key) ? t(key) : null
  const technical = [code, detail].filter((part) => part !== '').join(': ')
  return notice(
    'danger',
    html`<p><strong>${t('sync.failure.title')}</strong></p>
      ${known === null ? null : html`<p>${known}</p>`}
      ${state === 'incomplete' ? html`<p>${t('sync.failure.incomplete')}</p>` : null}
      <p class="hint"><code>${technical}</code></p>`,
  )
}

function waitingNotice(t: Translate, { state, counts }: Run, frozen: Frozen | null): SafeHtml | null {
  if ((state !== 'held' && state !== 'planned') || leftToDo(counts) === 0) return null
  return notice(
    'info',
    html`<p>${t(`sync.approve.${state}`)}${frozen === null ? null : html` ${t('sync.approve.frozen')}`}</p>`,
  )
}

/** What was not done, with the way to it: after an undo this is its check for conflicts. */
function leftNotice(t: Translate, { id, kind, counts: { conflicts, failed } }: Run): HtmlValue {
  const changes = runPath(id, 'changes')
  return [
    conflicts === 0
      ? null
      : notice(
          'warning',
          html`<p>
            ${t(kind === 'undo' ? 'sync.left.undo' : 'sync.left.conflict', { count: conflicts })}
            <a href="${changes}?state=conflict">${t('sync.left.look')}</a>
          </p>`,
        ),
    failed === 0
      ? null
      : notice(
          'danger',
          html`<p>
            ${t('sync.left.failed', { count: failed })}
            <a href="${changes}?state=failed">${t('sync.left.look')}</a>
          </p>`,
        ),
  ]
}

/** That there is nothing to write: a good sign only when nothing was set aside. */
function outcomeNotice(t: Translate, { id, state, kind, counts, only }: Run): SafeHtml | null {
  if (!['done', 'planned'].includes(state) || totalOf(counts.planned) > 0) return null
  if (only !== null && counts.source === 0) return notice('warning', html`<p>${t('sync.run.noEntry')}</p>`)
  if (setAside(counts) > 0)
    return notice(
      'warning',
      html`<p>
        ${t('sync.run.noneOfRest', { count: setAside(counts) })}
        <a href="${runPath(id, 'findings')}">${t('sync.left.look')}</a>
      </p>`,
    )
  return kind === 'undo' ? null : notice('success', html`<p>${t('sync.run.noChanges')}</p>`)
}

/** Findings that kept a record from being compared. What the service desk owns is not one. */
function setAside({ findings }: Run['counts']): number {
  return Object.entries(findings).reduce(
    (total, [kind, count]) => (kind === 'kept' ? total : total + count),
    0,
  )
}
