import type { Translate } from '../../src/messages/message.ts'
import type { Problem } from '../../src/problems/problem.ts'
import type { Brand } from './brand.ts'
import { pageHead } from './data.ts'
import { faultTexts } from './error-summary.ts'
import { helpLine } from './footer.ts'
import { linkButton } from './form.ts'
import { html, type SafeHtml } from './html.ts'
import { signInPath, type Page, type Viewer } from './layout.ts'
import { notice } from './notice.ts'

export type ErrorContext = { t: Translate; requestId: string; url: string; brand: Brand }

/** The page that says what went wrong, what to do next, and what to tell support. */
export function errorPage(problem: Problem, context: ErrorContext, viewer: Viewer): Page {
  const { t } = context
  const title = t(`problem.${problem.code}.title`, problem.params)
  const next =
    problem.code === 'not-signed-in'
      ? linkButton(signInPath('/'), t('web.signIn'), 'primary')
      : linkButton('/', t('web.home'), 'primary')
  const main = html`${pageHead(title, { lead: t(`problem.${problem.code}.detail`, problem.params) })}
    ${faultLines(problem, context)}
    <p class="acts">${next}</p>
    ${reference(context)} ${helpLine(context.brand, t)}`
  return { title, main, viewer, shape: 'narrow' }
}

/** The same in the place of a part of a page that htmx asked for. */
export function errorNotice(problem: Problem, context: ErrorContext): SafeHtml {
  const { t } = context
  const signIn =
    problem.code === 'not-signed-in' ? html`<p><a href="${signInPath('/')}">${t('web.signIn')}</a></p>` : null
  const text = html`<p><strong>${t(`problem.${problem.code}.title`, problem.params)}</strong></p>
    <p>${t(`problem.${problem.code}.detail`, problem.params)}</p>
    ${signIn}${problem.status >= 500 ? reference(context) : null}`
  return notice('danger', text, true)
}

function faultLines({ faults }: Problem, { t }: ErrorContext): SafeHtml | null {
  if (faults.length === 0) return null
  return html`<ul>
    ${faultTexts(t, faults).map(({ field, text }) => html`<li><strong>${field}</strong> ${text}</li>`)}
  </ul>`
}

function reference({ t, requestId }: ErrorContext): SafeHtml {
  return html`<p><small>${t('web.reference', { id: requestId })}</small></p>`
}
