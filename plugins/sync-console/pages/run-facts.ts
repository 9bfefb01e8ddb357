import type { Run } from '../../../src/store/sync-runs.ts'
import { byText } from '../../../src/store/by-text.ts'
import { card, definitions } from '../../web/data.ts'
import { html, type HtmlValue, type SafeHtml } from '../../web/html.ts'
import { moment } from '../../web/time.ts'
import { durationText, type Reader } from './reader.ts'
import { kindText, runPath } from './run-words.ts'

/** Who asked for a run, when, and how it hangs together with others. */
export function factsCard({ t, locale, now }: Reader, run: Run): SafeHtml {
  const { only, requestedBy, requestedAt, startedAt, endedAt, approvedBy, undoes, undoneBy } = run
  const lasted = startedAt === null ? null : (endedAt ?? now).getTime() - startedAt.getTime()
  const other = (id: string | null): HtmlValue =>
    id === null ? null : html`<a href="${runPath(id)}">${t('sync.run.thatRun')}</a>`
  return card(
    definitions([
      [t('sync.run.kind'), kindText(t, run)],
      [t('sync.run.only'), only === null ? null : `${only.attribute} = ${only.value}`],
      [t('sync.run.by'), byText(t, requestedBy)],
      [t('sync.run.at'), moment(locale, requestedAt)],
      [t('sync.run.duration'), lasted === null ? null : durationText(locale, lasted)],
      [t('sync.run.approvedBy'), approvedBy === null ? null : byText(t, approvedBy)],
      [t('sync.run.undoes'), other(undoes)],
      [t('sync.run.undoneBy'), other(undoneBy)],
    ]),
    { title: t('sync.run.facts') },
  )
}
