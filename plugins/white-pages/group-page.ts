import type { GroupsPage } from '../../src/accounts/people/group-list.ts'
import type { Person } from '../../src/accounts/person.ts'
import type { GroupPage } from '../../src/accounts/people/read-group.ts'
import type { Translate } from '../../src/messages/message.ts'
import { card, emptyState, pageHead, pager } from '../web/data.ts'
import { searchForm } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { path } from '../web/safe-url.ts'
import { groupList } from './card-page.ts'
import { listPath } from './list-query.ts'
import { personList } from './person-parts.ts'
import { speakCount, spokenCount } from './spoken-count.ts'

type Query = { q: string; cursor?: string | undefined }

/** The search for groups and its hits. */
export function groupsPage(t: Translate, query: Query, page: GroupsPage): SafeHtml {
  const live = html`hx-get="/groups" hx-target="#hits" hx-swap="innerHTML" hx-sync="this:replace"
  hx-replace-url="true" hx-trigger="input changed delay:150ms"`
  return html`${pageHead(t('groups.title'))}
    ${searchForm({
      action: '/groups',
      button: t('people.search'),
      field: { name: 'q', label: t('groups.field'), value: query.q, attributes: live },
    })}
    ${spokenCount}
    <div id="hits">${groupHits(t, query, page)}</div>`
}

/** What a search as you type puts in place. */
export function groupsFragment(t: Translate, query: Query, page: GroupsPage): SafeHtml {
  return html`${groupHits(t, query, page)}${speakCount(t('groups.count', { count: page.total }))}`
}

function groupHits(t: Translate, { q, cursor }: Query, { groups, total, next }: GroupsPage): SafeHtml {
  if (total === 0) {
    return q === ''
      ? card(emptyState('people', t('groups.empty')))
      : card(emptyState('search', t('groups.none', { text: q }), t('groups.noneAdvice')))
  }
  return html`<div class="toolbar"><h2>${t('groups.count', { count: total })}</h2></div>
    ${card(groupList(groups))}
    ${pager(t, {
      next: next === null ? null : listPath('/groups', { q, cursor: next }),
      first: cursor === undefined ? null : listPath('/groups', { q }),
    })}`
}

/** A group: what it is for, the groups in it, a page of its members. */
export function groupPage(t: Translate, page: GroupPage, cursor: string | undefined): SafeHtml {
  const { group, members, memberGroups, next } = page
  const here = path('groups', group.name)
  return html`${pageHead(group.name, { lead: group.description })}
  ${memberGroups.length === 0 ? null : card(groupList(memberGroups), { title: t('groups.memberGroups') })}
  ${members.length === 0 && memberGroups.length > 0 ? null : card(memberList(t, members), { title: t('groups.members') })}
  ${pager(t, {
    next: next === null ? null : listPath(here, { cursor: next }),
    first: cursor === undefined ? null : here,
  })}`
}

function memberList(t: Translate, members: readonly Person[]): SafeHtml {
  return members.length === 0 ? emptyState('people', t('groups.noMembers')) : personList(members)
}
