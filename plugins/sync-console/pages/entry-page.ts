import { card, pageHead } from '../../web/data.ts'
import { errorSummary } from '../../web/error-summary.ts'
import { checkbox, field, linkButton, postForm, submitButton, type FaultText } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { path } from '../../web/safe-url.ts'
import type { TaskInfo } from '../configured-tasks.ts'
import { crumbs, taskCrumb } from './crumbs.ts'
import type { Reader } from './reader.ts'

export type EntryForm = { attribute: string; value: string; write: boolean }

/** Which entry of the source to examine. What comes of it is on the page of its run. */
export function entryPage(
  { t, csrf }: Reader,
  { name }: TaskInfo,
  { attribute, value, write }: EntryForm,
  faults: readonly FaultText[],
): SafeHtml {
  const labels = { attribute: t('sync.entry.attribute'), value: t('sync.entry.value') }
  const content = html`${field({ name: 'attribute', label: labels.attribute, hint: t('sync.entry.attributeHint'), value: attribute, faults, maxlength: 200 })}
    ${field({ name: 'value', label: labels.value, value, faults, maxlength: 1_000 })}
    ${checkbox({ name: 'write', label: t('sync.entry.write'), checked: write, hint: t('sync.entry.writeHint') })}
    <div class="acts">
      ${submitButton(t('sync.entry.do'))}${linkButton(path('sync', 'tasks', name), t('sync.back'))}
    </div>`
  return html`${crumbs(t, taskCrumb(name))}${pageHead(t('sync.entry.title', { task: name }), { lead: t('sync.entry.lead') })}
  ${errorSummary(t, faults, labels)}
  ${card(postForm({ action: path('sync', 'tasks', name, 'entry'), csrf: csrf(), content }))}`
}
