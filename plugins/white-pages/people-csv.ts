import type { Actor } from '../../src/access/actor.ts'
import type { Person } from '../../src/accounts/person.ts'
import { searchPeople, type PeoplePage } from '../../src/accounts/people/search-people.ts'
import type { PeopleView } from '../../src/accounts/people/visible-person.ts'
import type { Locale, Translate } from '../../src/messages/message.ts'

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
  const separator = locale === 'fr' ? ';' : ','
  const readPage = (after: string | null) =>
    searchPeople(view, actor, { text, sort, limit: PAGE, ...(after !== null && { after }) })
  const head = columns.map(({ label }) => t(label))
  return lines(await readPage(null), readPage, (cells) => csvLine(cells, separator), head)
}

async function* lines(
  first: PeoplePage,
  readPage: (after: string) => Promise<PeoplePage>,
  write: (cells: readonly string[]) => string,
  head: readonly string[],
): AsyncGenerator<string> {
  yield `\ufeff${write(head)}`
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

/** One line of a CSV (RFC 4180), its cells made harmless. */
export function csvLine(cells: readonly string[], separator: string): string {
  return `${cells.map((cell) => quote(harmless(cell))).join(separator)}\r\n`
}

/** A spreadsheet takes a cell that begins like this for a formula, which may run programs: the apostrophe makes it text. */
function harmless(cell: string): string {
  return /^\s*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}

function quote(cell: string): string {
  return /[",;\r\n\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
