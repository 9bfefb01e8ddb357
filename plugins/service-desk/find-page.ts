import type { AccountPage } from '../../src/accounts/find-accounts.ts'
import type { CountedStates } from '../../src/accounts/state-counts.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import { stateNames, type StateName } from '../../src/directory/account-state.ts'
import { avatar } from '../web/avatar.ts'
import { card, emptyState, pageHead, pager } from '../web/data.ts'
import { searchForm, selectField } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { badge, notice } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'
import { statesCard } from './states-card.ts'
import { stateLines, type Reader } from './state-words.ts'

export type FindQuery = { q: string; state?: StateName | undefined; cursor?: string | undefined }

/** A page of accounts, or, without a question, how many there are in each state. */
export type Found = { page: AccountPage; isUnseen: boolean } | { counted: CountedStates | null }

/** The search for accounts. Without a question it shows what can be asked for. */
export function findPage(reader: Reader, query: FindQuery, found: Found): SafeHtml {
  const { t } = reader
  const live = html`hx-get="/desk" hx-include="closest form" hx-target="#hits" hx-swap="innerHTML"
  hx-sync="closest form:replace" hx-replace-url="true"`
  const state = selectField({
    name: 'state',
    label: t('desk.stateField'),
    value: query.state ?? '',
    choices: [
      { value: '', label: t('desk.anyState') },
      ...stateNames.map((name) => ({ value: name, label: t(`state.${name}`) })),
    ],
    attributes: html`${live} hx-trigger="change"`,
  })
  return html`${pageHead(t('desk.title'))}
    ${searchForm({
      action: '/desk',
      button: t('desk.search'),
      field: {
        name: 'q',
        label: t('desk.field'),
        value: query.q,
        attributes: html`${live} hx-trigger="input changed delay:150ms"
        ${query.q === '' && !('page' in found) ? html`autofocus` : null}`,
      },
      more: state,
    })}
    <div id="hits" aria-live="polite">${accountHits(reader, query, found)}</div>`
}

/** What is found, which a search as you type puts in place. */
export function accountHits(reader: Reader, query: FindQuery, found: Found): SafeHtml {
  const { t } = reader
  if (!('page' in found)) return statesCard(reader, found.counted)
  const { accounts, next } = found.page
  const { cursor, state } = query
  const pages = pager(t, {
    next: next === null ? null : deskPath({ ...query, cursor: next }),
    first: cursor === undefined ? null : deskPath({ ...query, cursor: undefined }),
  })
  const heading = html`<div class="toolbar">
      <h2>${state === undefined ? t('desk.found') : t(`state.${state}.list`)}</h2>
      ${state === undefined ? null : html`<a href="${deskPath({ ...query, cursor: undefined }, '/desk.csv')}" download>${t('desk.export')}</a>`}
    </div>
    ${state === undefined ? null : html`<p>${t(`state.${state}.explain`)}</p>`}`
  const unseen = found.isUnseen ? notice('warning', html`<p>${t('desk.unseenHelp')}</p>`) : null
  if (accounts.length > 0) return html`${heading}${unseen}${card(accountList(reader, accounts))}${pages}`
  if (unseen !== null) return html`${heading}${unseen}`
  return next === null
    ? html`${heading}${card(emptyState('search', t('desk.none'), t('desk.noneAdvice')))}`
    : html`${heading}${card(emptyState('search', t('desk.noneYet')))}${pages}`
}

function accountList(reader: Reader, accounts: readonly DeskAccount[]): SafeHtml {
  return html`<ul class="list accounts">
    ${accounts.map(({ shown, state }) => {
      const [signIn, ...lines] = stateLines(reader, state)
      const badges = lines.length > 0 ? lines : [signIn].filter((line) => line !== undefined)
      const about = [shown.login, ...shown.mail.slice(0, 1), shown.department].filter((part) => part !== null)
      return html`<li>
        ${avatar(shown.displayName)}
        <div class="main">
          <a href="${path('desk', shown.login)}">${shown.displayName}</a>
          <p>${about.join(' · ')}</p>
        </div>
        <div class="badges">${badges.map(({ tone, name, sign }) => badge(tone, name, sign))}</div>
      </li>`
    })}
  </ul>`
}

/** The address of a search. */
function deskPath({ q, state, cursor }: FindQuery, at = '/desk'): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ q, state, cursor })) {
    if (value !== undefined && value !== '') params.set(name, value)
  }
  return params.size === 0 ? at : `${at}?${params.toString()}`
}
