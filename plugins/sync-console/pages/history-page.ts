import type { Run } from '../../../src/store/sync-runs.ts'
import { byText } from '../../../src/store/by-text.ts'
import { card, dataTable, emptyState, pageHead, pager, type Column } from '../../web/data.ts'
import { linkButton } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { path } from '../../web/safe-url.ts'
import { moment } from '../../web/time.ts'
import type { TaskInfo } from '../configured-tasks.ts'
import { barChart } from './bar-chart.ts'
import { crumbs } from './crumbs.ts'
import { durationText, numberText, type Reader } from './reader.ts'
import { changesText, durationOf, figuresOf, kindText, runPath, runState, totalOf } from './run-words.ts'

/** The runs of a task, newest first, with what they came to as charts. */
export function historyPage(
  reader: Reader,
  { name, description }: TaskInfo,
  { runs, next, isFirst }: { runs: readonly Run[]; next: string | null; isFirst: boolean },
): SafeHtml {
  const { t, mayRun } = reader
  const at = path('sync', 'tasks', name)
  const acts = mayRun
    ? [linkButton(`${at}/run`, t('sync.start'), 'primary'), linkButton(`${at}/entry`, t('sync.entry'))]
    : null
  const head = html`${crumbs(t)}${pageHead(name, { lead: description, acts })}`
  if (runs.length === 0)
    return html`${head}${card(emptyState('clock', t('sync.history.none'), t('sync.history.noneAdvice')))}`
  return html`${head}
    <div class="columns">${chartsOf(reader, runs)}</div>
    <div class="history">${card(dataTable(t('sync.history.runs'), columnsOf(reader), runs))}</div>
    ${pager(t, { next: next === null ? null : `${at}?before=${next}`, first: isFirst ? null : at })}`
}

function chartsOf(reader: Reader, runs: readonly Run[]): SafeHtml[] {
  const { t, locale } = reader
  const bars = (valueOf: (run: Run) => number, textOf: (value: number) => string) =>
    runs.toReversed().map((run) => {
      const value = valueOf(run)
      return { value, text: textOf(value), isAmiss: isAmiss(run) }
    })
  return [
    barChart(t, {
      id: 'changes',
      title: t('sync.chart.changes'),
      bars: bars(changesOf, (count) => numberText(locale, count)),
    }),
    barChart(t, {
      id: 'duration',
      title: t('sync.chart.duration'),
      bars: bars(
        (run) => durationOf(run) ?? 0,
        (duration) => durationText(locale, duration),
      ),
    }),
  ]
}

function columnsOf(reader: Reader): Column<Run>[] {
  const { t, locale } = reader
  return [
    {
      label: t('sync.history.time'),
      cell: ({ id, requestedAt }) => html`<a href="${runPath(id)}">${moment(locale, requestedAt)}</a>`,
    },
    { label: t('sync.history.state'), cell: (run) => runState(t, run).badge },
    { label: t('sync.history.kind'), cell: (run) => kindText(t, run) },
    { label: t('sync.history.changes'), cell: (run) => changesText(reader, figuresOf(run)) },
    {
      label: t('sync.history.duration'),
      cell: (run) => {
        const duration = durationOf(run)
        return duration === null ? '–' : durationText(locale, duration)
      },
    },
    { label: t('sync.history.by'), cell: ({ requestedBy }) => byText(t, requestedBy) },
  ]
}

const changesOf = (run: Run): number => totalOf(figuresOf(run))

function isAmiss({ state, counts }: Run): boolean {
  return state === 'failed' || state === 'incomplete' || state === 'held' || counts.failed > 0
}
