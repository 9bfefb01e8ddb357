import { isMessageKey, type Translate } from '../../../src/messages/message.ts'
import type { JournalState } from '../../../src/store/sync-journal.ts'
import type { ChangeKind } from '../../../src/store/sync-runs.ts'
import { dataTable, type Column } from '../../web/data.ts'
import { html, type HtmlValue, type SafeHtml } from '../../web/html.ts'
import type { IconName } from '../../web/icon.ts'
import { badge, notice, type Tone } from '../../web/notice.ts'
import type { ShownAttribute, ShownChange, ShownValue } from '../describe-change.ts'
import type { Reader } from './reader.ts'

/** Values of one attribute that are shown; a group may have thousands. */
const SHOWN_VALUES = 12
const SHOWN_TEXT = 400

const kindTones: Readonly<Record<ChangeKind, Tone>> = {
  create: 'success',
  update: 'info',
  rename: 'info',
  delete: 'danger',
  disable: 'warning',
  enable: 'success',
}

const stateLooks: Readonly<Record<JournalState, { tone: Tone; sign: IconName }>> = {
  planned: { tone: 'neutral', sign: 'clock' },
  sent: { tone: 'neutral', sign: 'clock' },
  done: { tone: 'success', sign: 'check' },
  failed: { tone: 'danger', sign: 'alert' },
  conflict: { tone: 'warning', sign: 'alert' },
  skipped: { tone: 'neutral', sign: 'cross' },
}

/** One operation: what becomes of which entry, old values and new, and what of the task caused each. */
export function changeCard(reader: Reader, change: ShownChange): SafeHtml {
  const { t } = reader
  const { kind, state, name, to, sourceName, attributes, error, attempts } = change
  const look = stateLooks[state]
  const why = whyOf(t, change)
  return html`<article class="card change">
    <header>
      ${badge(kindTones[kind], t(`sync.change.${kind}`), 'dot')}
      <h3>${name}</h3>
      ${badge(look.tone, t(`sync.row.${state}`), look.sign)}
    </header>
    ${to === null ? null : html`<p>${t('sync.changes.to')} <strong>${to}</strong></p>`}
    ${sourceName === null ? null : html`<p class="hint">${t('sync.changes.source', { name: sourceName })}</p>`}
    ${why}
    ${attributes.length === 0 ? null : dataTable(t('sync.changes.table', { name }), columnsOf(reader), attributes)}
    ${
      error === null
        ? null
        : notice(
            'danger',
            html`<p><code>${error.code}</code> ${error.detail}</p>
              ${attempts > 1 ? html`<p>${t('sync.changes.attempts', { count: attempts })}</p>` : null}`,
          )
    }
  </article>`
}

function columnsOf(reader: Reader): Column<ShownAttribute>[] {
  const { t } = reader
  return [
    { label: t('sync.changes.attribute'), cell: ({ attribute }) => attribute },
    {
      label: t('sync.changes.before'),
      cell: ({ before, kept }) => valuesOf(reader, before, 'del', kept),
    },
    { label: t('sync.changes.after'), cell: ({ after }) => valuesOf(reader, after, 'ins') },
    { label: t('sync.changes.why'), cell: (attribute) => whyOf(t, attribute) ?? '–' },
  ]
}

function valuesOf(
  reader: Reader,
  values: readonly ShownValue[],
  as: 'del' | 'ins',
  kept: number = 0,
): SafeHtml {
  const { t } = reader
  const shown = values.slice(0, SHOWN_VALUES).map((value) => {
    const text = valueText(reader, value)
    return html`<span class="line value"
      >${as === 'del' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`}</span
    >`
  })
  const more = values.length - shown.length
  const hint = (text: string): SafeHtml => html`<span class="line hint">${text}</span>`
  return html`<div>
    ${values.length + kept === 0 ? hint(t('sync.value.none')) : shown}
    ${more === 0 ? null : hint(t('sync.value.more', { count: more }))}
    ${kept === 0 ? null : hint(t('sync.value.kept', { count: kept }))}
  </div>`
}

function valueText({ t }: Reader, value: ShownValue): HtmlValue {
  if ('hidden' in value) return html`<em>${t('sync.value.hidden')}</em>`
  if ('bytes' in value) return html`<em>${t('sync.value.bytes', { count: value.bytes })}</em>`
  return value.text.length > SHOWN_TEXT ? `${value.text.slice(0, SHOWN_TEXT)}…` : value.text
}

/** The rule in words, and the place in the task where it is written. */
function whyOf(t: Translate, { rule, from }: { rule: string | null; from: string | null }): SafeHtml | null {
  if (rule === null) return null
  const key = `sync.why.${rule}`
  return html`<div>
    ${isMessageKey(key) ? t(key) : rule} ${from === null ? null : html`<code class="line">${from}</code>`}
  </div>`
}
