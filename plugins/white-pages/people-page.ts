import type { PeoplePage } from '../../src/accounts/people/search-people.ts'
import type { Translate } from '../../src/messages/message.ts'
import { card, emptyState, pageHead, pager } from '../web/data.ts'
import { searchForm, selectField } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { listPath, type PeoplePageQuery } from './list-query.ts'
import { speakCount, spokenCount } from './spoken-count.ts'
import { personList } from './person-parts.ts'

/** The search and its hits. Works as a form; with JavaScript the hits follow what is typed. */
export function peoplePage(t: Translate, query: PeoplePageQuery, page: PeoplePage): SafeHtml {
  const live = html`hx-get="/people" hx-include="closest form" hx-target="#hits" hx-swap="innerHTML"
  hx-sync="closest form:replace" hx-replace-url="true"`
  const sort = selectField({
    name: 'sort',
    label: t('people.sort'),
    value: query.sort,
    choices: [
      { value: 'relevance', label: t('people.sort.relevance') },
      { value: 'name', label: t('people.sort.name') },
    ],
    attributes: html`${live} hx-trigger="change"`,
  })
  return html`${pageHead(t('people.title'))}
    ${searchForm({
      action: '/people',
      button: t('people.search'),
      field: {
        name: 'q',
        label: t('people.field'),
        value: query.q,
        attributes: html`${live} hx-trigger="input changed delay:150ms"`,
      },
      more: sort,
    })}
    ${spokenCount}
    <div id="hits">${peopleHits(t, query, page)}</div>`
}

/** What a search as you type puts in place. */
export function peopleFragment(t: Translate, query: PeoplePageQuery, page: PeoplePage): SafeHtml {
  return html`${peopleHits(t, query, page)}${speakCount(t('people.count', { count: page.total }))}`
}

function peopleHits(t: Translate, query: PeoplePageQuery, page: PeoplePage): SafeHtml {
  const { q, sort, cursor } = query
  const { people, total, next } = page
  if (total === 0) {
    return q === ''
      ? card(emptyState('people', t('people.empty')))
      : card(emptyState('search', t('people.none', { text: q }), t('people.noneAdvice')))
  }
  return html`<div class="toolbar">
      <h2>${t('people.count', { count: total })}</h2>
      <a href="${listPath('/people.csv', { q, sort })}" download>${t('people.export')}</a>
    </div>
    ${card(personList(people))}
    ${pager(t, {
      next: next === null ? null : listPath('/people', { q, sort, cursor: next }),
      first: cursor === undefined ? null : listPath('/people', { q, sort }),
    })}`
}
