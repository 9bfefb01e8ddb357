import type { Run } from '../../../src/store/sync-runs.ts'
import { changeKinds } from '../../../src/store/sync-terms.ts'
import { checkbox, textArea, type FaultText } from '../../web/form.ts'
import { html } from '../../web/html.ts'
import type { Question } from './ask-page.ts'
import type { Reader } from './reader.ts'
import { guardText } from './run-notices.ts'
import { leftToDo, runPath, totalOf } from './run-words.ts'

export type Asked = { reason: string; preview?: boolean; faults: readonly FaultText[] }

/** Before a plan is applied: exactly what of it will be. */
export function approveQuestion({ t }: Reader, run: Run, { reason, faults }: Asked): Question {
  const { id, counts, guards } = run
  const { planned, done } = counts
  const kinds = changeKinds.filter((kind) => planned[kind] > done[kind])
  return {
    title: t('sync.approve.title', { task: run.task }),
    consequence: html`<p>${t('sync.approve.consequence')}</p>
      <ul>
        ${kinds.map((kind) => html`<li>${t(`sync.change.count.${kind}`, { count: planned[kind] - done[kind] })}</li>`)}
      </ul>
      <p>${t('sync.approve.exactly')}</p>
      ${
        guards.length === 0
          ? null
          : html`<p><strong>${t('sync.guard.title')}</strong></p>
              <ul>
                ${guards.map((finding) => html`<li>${guardText(t, finding)}</li>`)}
              </ul>`
      }`,
    action: runPath(id, 'approve'),
    label: t('sync.approve.do', { count: leftToDo(counts) }),
    content: textArea({
      name: 'reason',
      label: t('sync.approve.reason'),
      hint: t('sync.approve.reasonHint'),
      value: reason,
      faults,
      required: true,
      maxlength: 500,
    }),
    back: runPath(id),
  }
}

export function cancelQuestion({ t }: Reader, run: Run, asked: Asked): Question {
  const { id, state, counts } = run
  const isWaiting = (state === 'planned' || state === 'held') && totalOf(counts.done) === 0
  return {
    title: t('sync.cancel.title'),
    consequence: html`<p>${t(isWaiting ? 'sync.cancel.waiting' : 'sync.cancel.consequence')}</p>`,
    action: runPath(id, 'cancel'),
    label: t('sync.cancel.do'),
    content: optionalReason(t('sync.reason'), asked),
    back: runPath(id),
  }
}

export function undoQuestion({ t }: Reader, run: Run, asked: Asked): Question {
  const { id, counts } = run
  return {
    title: t('sync.undo.title'),
    consequence: html`<p>${t('sync.undo.consequence', { count: totalOf(counts.done) })}</p>`,
    action: runPath(id, 'undo'),
    label: t('sync.undo.do'),
    content: [
      checkbox({ name: 'preview', label: t('sync.undo.preview'), checked: asked.preview === true }),
      optionalReason(t('sync.reason'), asked),
    ],
    back: runPath(id),
  }
}

function optionalReason(label: string, { reason, faults }: Asked) {
  return textArea({ name: 'reason', label, value: reason, faults, maxlength: 500 })
}
