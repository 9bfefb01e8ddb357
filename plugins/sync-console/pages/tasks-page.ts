import type { Frozen } from '../../../src/store/sync-freeze.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { byText } from '../../../src/store/by-text.ts'
import { card, definitions, emptyState, pageHead } from '../../web/data.ts'
import { linkButton, postButton } from '../../web/form.ts'
import { html, type HtmlValue, type SafeHtml } from '../../web/html.ts'
import { notice } from '../../web/notice.ts'
import { path } from '../../web/safe-url.ts'
import { moment } from '../../web/time.ts'
import { nextRun, type TaskInfo } from '../configured-tasks.ts'
import type { TaskState } from '../documents.ts'
import { live } from './live.ts'
import { durationText, type Reader } from './reader.ts'
import { changesText, durationOf, figuresOf, kindText, runPath, runState } from './run-words.ts'

/** All tasks: what each connects, when it runs, what it did last; those that wait for somebody come first. */
export function tasksPage(reader: Reader, tasks: readonly TaskState[], frozen: Frozen | null): SafeHtml {
  const { t, mayRun } = reader
  const freeze = mayRun && frozen === null ? linkButton('/sync/freeze', t('sync.freeze')) : null
  return html`${pageHead(t('sync.title'), { lead: t('sync.lead'), acts: freeze })}${taskList(reader, tasks)}`
}

/** The part that is shown anew while one of them runs. */
export function taskList(reader: Reader, tasks: readonly TaskState[]): SafeHtml {
  const { t } = reader
  const isActive = tasks.some(({ underWay, holder }) => underWay !== null || holder !== null)
  const content =
    tasks.length === 0
      ? card(emptyState('search', t('sync.none'), t('sync.noneAdvice')))
      : html`${heldNotice(reader, tasks)}${tasks.map((task) => taskCard(reader, task))}`
  return live({ id: 'tasks', url: '/sync', seconds: isActive ? 5 : null, content })
}

function heldNotice({ t, locale }: Reader, tasks: readonly TaskState[]): SafeHtml | null {
  const held = tasks.flatMap((task) => task.held ?? [])
  if (held.length === 0) return null
  return notice(
    'warning',
    html`<p><strong>${t('sync.held.title', { count: held.length })}</strong></p>
      <ul>
        ${held.map(
          ({ id, task, requestedAt }) =>
            html`<li>
              <a href="${runPath(id)}">${t('sync.held.look', { task })}</a> (${moment(locale, requestedAt)})
            </li>`,
        )}
      </ul>`,
  )
}

function taskCard(reader: Reader, state: TaskState): SafeHtml {
  const { t } = reader
  const { info, last, held } = state
  const { name, description, source, destination } = info
  const facts = definitions([
    [
      t('sync.connects'),
      html`${source} <span aria-hidden="true">→</span
        ><span class="visually-hidden">${t('sync.connects.to')}</span> ${destination}`,
    ],
    [t('sync.schedule'), scheduleOf(reader, info)],
    [t('sync.now'), nowOf(reader, state)],
    [t('sync.lastRun'), last === null ? t('sync.never') : lastOf(reader, last)],
    [t('sync.held'), held === null || held.id === last?.id ? null : lastOf(reader, held)],
  ])
  return card(
    html`${description === null ? null : html`<p>${description}</p>`}${facts}
      <div class="acts after">${actsOf(reader, state)}</div>`,
    { title: html`<a href="${path('sync', 'tasks', name)}">${name}</a>` },
  )
}

function actsOf({ t, mayRun, csrf }: Reader, { info: { name }, underWay }: TaskState): HtmlValue {
  const at = (...parts: string[]): string => path('sync', 'tasks', name, ...parts)
  const history = linkButton(at(), t('sync.history'))
  if (!mayRun) return history
  const starting =
    underWay === null
      ? [
          linkButton(at('run'), t('sync.start'), 'primary'),
          postButton({ action: at('preview'), csrf: csrf(), label: t('sync.preview') }),
          linkButton(at('entry'), t('sync.entry')),
        ]
      : []
  return [...starting, history]
}

function scheduleOf({ t, locale, now }: Reader, info: TaskInfo): HtmlValue {
  const next = nextRun(info, now)
  const follows = info.follows ? html`<div>${t('sync.follows')}</div>` : null
  if (next === null) return follows ?? t('sync.byHand')
  return html`<div>
      ${t('sync.nextRun')} ${moment(locale, next)} (<code>${info.schedule?.cron}</code>,
      ${info.schedule?.timeZone})
    </div>
    ${follows}`
}

function nowOf({ t }: Reader, { underWay, holder }: TaskState): HtmlValue {
  const on = holder === null ? null : html` ${t('sync.runsOn', { holder })}`
  if (underWay === null) return on === null ? t('sync.idle') : html`${t('sync.atWork')}${on}`
  return html`<a href="${runPath(underWay.id)}">${t('sync.underWay')}</a> ${runState(t, underWay).badge}${on}`
}

function lastOf(reader: Reader, run: Run): HtmlValue {
  const { t, locale } = reader
  const { id, requestedAt, requestedBy } = run
  const duration = durationOf(run)
  const lasted = duration === null ? null : ` · ${durationText(locale, duration)}`
  return html`<div><a href="${runPath(id)}">${moment(locale, requestedAt)}</a> ${runState(t, run).badge}</div>
    <div>
      ${kindText(t, run)} · ${byText(t, requestedBy)}${lasted} · ${changesText(reader, figuresOf(run))}
    </div>`
}
