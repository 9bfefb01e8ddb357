import type { CountedStates } from '../../src/accounts/state-counts.ts'
import { stateNames, type StateName } from '../../src/directory/account-state.ts'
import type { Translate } from '../../src/messages/message.ts'
import { card } from '../web/data.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { badge } from '../web/notice.ts'
import { timeText } from '../web/time.ts'
import { stateLooks, type Reader } from './state-words.ts'

/** Every state that can be asked for, what it means, and how many accounts are in it; null while that is being counted. */
export function statesCard({ t, locale }: Reader, counted: CountedStates | null): SafeHtml {
  const items = stateNames.map((state) => {
    const { tone, sign } = stateLooks[state]
    const count = counted?.counts[state]
    // A state that nobody is in needs no colour.
    const looks = count === 0 || count === null ? 'neutral' : tone
    return html`<li>
      <div class="main">
        <a href="/desk?state=${state}">${t(`state.${state}.list`)}</a>
        <p>${t(`state.${state}.explain`)}</p>
      </div>
      <div class="badges">${badge(looks, countText(t, state, count), sign)}</div>
    </li>`
  })
  const list = html`<ul class="list accounts">
    ${items}
  </ul>`
  if (counted !== null)
    return card(
      html`<p class="note">${t('desk.counted', { time: timeText(locale, counted.at) })}</p>
        ${list}`,
      {
        title: t('desk.byState'),
      },
    )
  return html`<div hx-get="/desk/counts" hx-trigger="load" hx-swap="outerHTML">
    ${card(
      html`<p class="note">${t('desk.counting')} <a href="/desk/counts">${t('desk.count')}</a></p>
        ${list}`,
      {
        title: t('desk.byState'),
      },
    )}
  </div>`
}

/** `undefined`: not counted yet. */
function countText(t: Translate, state: StateName, count: number | null | undefined): string {
  if (count === undefined) return t(`state.${state}`)
  return count === null ? t('desk.unseen') : String(count)
}
