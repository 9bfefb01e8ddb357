import type { Actor } from '../../src/access/actor.ts'
import type { Person } from '../../src/accounts/person.ts'
import { searchPeople, type PeoplePage } from '../../src/accounts/people/search-people.ts'
import type { PeopleView } from '../../src/accounts/people/visible-person.ts'
import type { Locale, Translate } from '../../src/messages/message.ts'
import { csvWriter } from '../web/csv.ts'

const PAGE = 200

type Export = { text: string; sort: 'relevance' | 'name' }
type Reader = { locale: Locale; t: Translate }

/**
 * Everyone whom a search finds, as pieces of a CSV that spreadsheets of the reader's country open: UTF-8 with
 * a byte order mark, `;` in French. The first page is read before this resolves, so that an outage is an
 * error and not a short file; a later one breaks the transfer off.
 */
export async function peopleCsv(
  view: PeopleView,
  actor: Actor,
  { text, sort }: Export,
  { locale, t }: Reader,
): Promise<AsyncGenerator<string>> {
  const readPage = (after: string | null) =>
    searchPeople(view, actor, { text, sort, limit: PAGE, ...(after !== null && { after }) })
  const writer = csvWriter(locale)
  const head = writer.head(columns.map(({ label }) => t(label)))
  return lines(await readPage(null), readPage, writer.line, head)
}

async function* lines(
  first: PeoplePage,
  readPage: (after: string) => Promise<PeoplePage>,
  write: (cells: readonly string[]) => string,
  head: string,
): AsyncGenerator<string> {
  yield head
  let page = first
  while (true) {
    yield page.people.map((person) => write(columns.map(({ value }) => value(person)))).join('')
    if (page.next === null) return
    page = await readPage(page.next)
  }
}

const columns = [
  { label: 'people.name', value: (person: Person) => person.displayName },
  { label: 'people.givenName', value: ({ givenName }: Person) => givenName ?? '' },
  { label: 'people.familyName', value: ({ familyName }: Person) => familyName ?? '' },
  { label: 'people.job', value: ({ title }: Person) => title ?? '' },
  { label: 'people.department', value: ({ department }: Person) => department ?? '' },
  { label: 'people.site', value: ({ site }: Person) => site ?? '' },
  { label: 'people.phone', value: ({ phone }: Person) => phone.join(', ') },
  { label: 'people.mail', value: ({ mail }: Person) => mail.join(', ') },
  { label: 'people.login', value: ({ login }: Person) => login },
] as const
