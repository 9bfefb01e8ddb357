import { auditActions, type AuditAction, type AuditResult } from '../../src/audit/event.ts'
import type { AuditPage } from '../../src/audit/list-events.ts'
import type { ListedEvent, ListedParty } from '../../src/audit/open-entry.ts'
import { isMessageKey, type Locale, type Translate } from '../../src/messages/message.ts'
import { card, dataTable, emptyState, pageHead, pager, type Column } from '../web/data.ts'
import { errorSummary } from '../web/error-summary.ts'
import { field, selectField, submitButton, type FaultText } from '../web/form.ts'
import { html, type HtmlValue, type SafeHtml } from '../web/html.ts'
import { badge, type Tone } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'
import { moment } from '../web/time.ts'

/** The filter as its form sends it; days as `2026-11-25`. */
export type AuditFilter = {
  person: string
  action: AuditAction | ''
  from: string
  to: string
  cursor?: string | undefined
}

type Reader = { t: Translate; locale: Locale }

/** The filter and the events that it lets through; `page` is null when it was refused, or when it lacks a person. */
export function auditPage(
  reader: Reader,
  filter: AuditFilter,
  page: AuditPage | null,
  faults: readonly FaultText[],
): SafeHtml {
  const { t } = reader
  const labels = { person: t('audit.person'), from: t('audit.from'), to: t('audit.to') }
  return html`${pageHead(t('audit.title'), { lead: t('audit.lead') })}${errorSummary(t, faults, labels)}
  ${filterForm(t, filter, faults)}${page === null ? null : eventsOf(reader, filter, page)}`
}

function filterForm(t: Translate, filter: AuditFilter, faults: readonly FaultText[]): SafeHtml {
  const choices = auditActions.map((value) => ({ value, label: t(`audit.action.${value}`) }))
  return html`<search>
    <form class="search-bar filter" action="/audit">
      ${field({ name: 'person', label: t('audit.person'), value: filter.person, faults })}
      ${selectField({ name: 'action', label: t('audit.action'), value: filter.action, choices: [{ value: '', label: t('audit.anyAction') }, ...choices], faults })}
      ${field({ name: 'from', type: 'date', label: t('audit.from'), value: filter.from, faults })}
      ${field({ name: 'to', type: 'date', label: t('audit.to'), value: filter.to, faults })}
      ${submitButton(t('audit.show'))}
    </form>
  </search>`
}

function eventsOf(reader: Reader, filter: AuditFilter, { items, next }: AuditPage): SafeHtml {
  const { t } = reader
  if (items.length === 0) return card(emptyState('search', t('audit.none'), t('audit.noneAdvice')))
  return html`${card(dataTable(t('audit.events'), columnsOf(reader), items))}
  ${pager(t, {
    next: next === null ? null : auditPath({ ...filter, cursor: next }),
    first: filter.cursor === undefined ? null : auditPath({ ...filter, cursor: undefined }),
  })}`
}

function columnsOf({ t, locale }: Reader): Column<ListedEvent>[] {
  return [
    { label: t('audit.time'), cell: ({ time }) => moment(locale, time) },
    { label: t('audit.action'), cell: ({ action }) => t(`audit.action.${action}`) },
    { label: t('audit.actor'), cell: ({ actor }) => partyOf(t, actor) },
    { label: t('audit.target'), cell: ({ target }) => (target === null ? '–' : partyOf(t, target)) },
    { label: t('audit.result'), cell: ({ result }) => badge(looks[result], t(`audit.result.${result}`)) },
    { label: t('audit.detail'), cell: (event) => detailOf(t, event) },
  ]
}

const looks: Readonly<Record<AuditResult, Tone>> = {
  attempted: 'neutral',
  done: 'success',
  refused: 'warning',
  failed: 'danger',
}

function partyOf(t: Translate, party: ListedParty): HtmlValue {
  switch (party.kind) {
    case 'anonymous':
      return t('audit.anonymous')
    case 'client':
      return t('audit.client', { id: party.id })
    case 'system':
      return t('audit.system', { id: party.id })
    case 'task':
      return html`<a href="${path('sync', 'tasks', party.id)}">${t('audit.task', { name: party.id })}</a>`
    case 'run':
      return html`<a href="${path('sync', 'runs', party.id)}"
        >${t('audit.run', { id: party.id.slice(0, 8) })}</a
      >`
    case 'person':
      if (party.login === null) return html`<em>${t('audit.forgotten')}</em>`
      // Of whom a token or a session spoke, only the id is known.
      return party.login === ''
        ? html`<code>${party.id}</code>`
        : html`<a href="${auditPath({ person: party.login, action: '', from: '', to: '' })}"
            >${party.login}</a
          >`
  }
}

function detailOf(t: Translate, { code, reason, address, client }: ListedEvent): HtmlValue {
  const lines = [
    reason === null ? null : html`<q>${reason}</q>`,
    code === null ? null : codeText(t, code),
    client === null ? null : t('audit.through', { client }),
    address === null ? null : t('audit.from.address', { address }),
  ].filter((line) => line !== null)
  return lines.length === 0 ? '–' : lines.map((line) => html`<span class="line">${line}</span>`)
}

/** Codes of problems have words; others are stable names, shown as they are. */
function codeText(t: Translate, code: string): HtmlValue {
  const key = `problem.${code}.title`
  return isMessageKey(key) ? t(key) : html`<code>${code}</code>`
}

function auditPath(filter: AuditFilter): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value) params.set(name, value)
  return params.size === 0 ? '/audit' : `/audit?${params.toString()}`
}
