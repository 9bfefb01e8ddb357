import type { Permit } from '../../src/access/permit.ts'
import { accountsInState } from '../../src/accounts/accounts-in-state.ts'
import { unseenStatesAt } from '../../src/accounts/count-states.ts'
import { foldWords } from '../../src/accounts/fold.ts'
import { hasWords } from '../../src/accounts/list-by-state.ts'
import type { DeskAccount, DeskView } from '../../src/accounts/read-account.ts'
import type { StateName } from '../../src/directory/account-state.ts'
import { csvWriter } from '../web/csv.ts'
import { stateLines, type Reader } from './state-words.ts'

/**
 * Every account in a state as pieces of a CSV, in the directory's order, whatever its size limits. The first account is read before this resolves, so
 * that an outage is an error and not a short file; a later one breaks the transfer off.
 */
export async function reportCsv(
  view: DeskView,
  permit: Permit<'account.read'>,
  { state, text }: { state: StateName; text: string },
  reader: Reader,
): Promise<AsyncGenerator<string>> {
  const accounts = accountsInState(view, permit, state, reader.now)
  const first = await accounts.next()
  const unseen = await unseenStatesAt(permit.agent.tenant.uses.desk)
  return lines(first, accounts, foldWords(text), unseen.includes(state), reader)
}

async function* lines(
  first: IteratorResult<DeskAccount, unknown>,
  rest: AsyncGenerator<DeskAccount>,
  words: readonly string[],
  isUnseen: boolean,
  reader: Reader,
): AsyncGenerator<string> {
  const writer = csvWriter(reader.locale)
  const line = (account: DeskAccount) =>
    hasWords(account.shown, words) ? writer.line(columns.map(({ value }) => value(account, reader))) : ''
  yield writer.head(columns.map(({ label }) => reader.t(label)))
  // Also where nobody reads pages: a file that is passed on must say what it cannot know.
  if (isUnseen) yield writer.line([reader.t('desk.unseenHelp')])
  if (first.done === true) return
  yield line(first.value)
  for await (const account of rest) yield line(account)
}

const columns = [
  { label: 'people.login', value: ({ shown }: DeskAccount) => shown.login },
  { label: 'people.name', value: ({ shown }: DeskAccount) => shown.displayName },
  { label: 'people.mail', value: ({ shown }: DeskAccount) => shown.mail.join(', ') },
  { label: 'people.department', value: ({ shown }: DeskAccount) => shown.department ?? '' },
  {
    label: 'report.canSignIn',
    value: ({ state }: DeskAccount, { t }: Reader) => t(state.canSignIn ? 'report.yes' : 'report.no'),
  },
  {
    label: 'report.state',
    value: ({ state }: DeskAccount, reader: Reader) =>
      stateLines(reader, state)
        .slice(1)
        .map(({ name }) => name)
        .join(', '),
  },
  { label: 'report.lastSignIn', value: ({ state }: DeskAccount) => day(state.lastSignInAt) },
  { label: 'report.passwordChanged', value: ({ state }: DeskAccount) => day(state.passwordChangedAt) },
  { label: 'report.passwordExpires', value: ({ state }: DeskAccount) => day(state.passwordExpiresAt) },
  { label: 'report.validFrom', value: ({ state }: DeskAccount) => day(state.validFrom) },
  { label: 'report.validUntil', value: ({ state }: DeskAccount) => day(state.validUntil) },
] as const

/** Spreadsheets of every country read this form as a moment. */
function day(date: Date | undefined): string {
  return date === undefined ? '' : date.toISOString().slice(0, 16).replace('T', ' ')
}
