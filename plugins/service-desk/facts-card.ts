import { passThroughRules } from '../../src/accounts/password/password-places.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import { mailLink, phoneLink } from '../web/contact.ts'
import { card, definitions, lines } from '../web/data.ts'
import { html, type HtmlValue, type SafeHtml } from '../web/html.ts'
import { dayOf, dayText, moment, momentText, startOfDay } from '../web/time.ts'
import type { Reader } from './state-words.ts'
import { lastMoment } from './validity-days.ts'

/** What is known of the account, each fact on a line. */
export function factsCard(reader: Reader, account: DeskAccount): SafeHtml {
  const { t, locale } = reader
  const { shown, state } = account
  const date = (value: Date | undefined) => (value === undefined ? null : moment(locale, value))
  const last = state.failures.at(-1)
  const rows: [string, HtmlValue][] = [
    [t('desk.validFrom'), firstDay(reader, state.validFrom)],
    [t('desk.validUntil'), lastDay(reader, state.validUntil)],
    [t('desk.passwordPlace'), passwordPlace(reader, account)],
    [t('desk.passwordChanged'), date(state.passwordChangedAt) ?? t('desk.unknown')],
    [t('desk.passwordExpires'), date(state.passwordExpiresAt)],
    [t('desk.lastSignIn'), date(state.lastSignInAt) ?? t('desk.unknown')],
    [
      t('desk.failures'),
      last === undefined
        ? null
        : t('desk.failuresText', { count: state.failures.length, last: momentText(locale, last) }),
    ],
    [t('desk.mail'), shown.mail.map((address) => html`${mailLink(address)} `)],
    [t('desk.phone'), shown.phone.map((number) => html`${phoneLink(number)} `)],
    [t('desk.policy'), policy(reader, account)],
    [t('desk.dn'), shown.dn],
  ]
  return card(definitions(rows.filter(([, value]) => !Array.isArray(value) || value.length > 0)), {
    title: t('desk.factsTitle'),
  })
}

/** As a day where it begins with one; else to the minute. */
function firstDay({ locale }: Reader, from: Date | undefined): HtmlValue {
  if (from === undefined) return null
  return isStartOfDay(from) ? day(locale, from, from) : moment(locale, from)
}

/** As the day before, where it is the end of that day; else to the minute. */
function lastDay({ locale }: Reader, until: Date | undefined): HtmlValue {
  if (until === undefined) return null
  return isStartOfDay(until) ? day(locale, lastMoment(until), until) : moment(locale, until)
}

function day(locale: Reader['locale'], shown: Date, exact: Date): SafeHtml {
  return html`<time datetime="${exact.toISOString()}">${dayText(locale, shown)}</time>`
}

function isStartOfDay(date: Date): boolean {
  return startOfDay(dayOf(date)).getTime() === date.getTime()
}

function policy({ t }: Reader, { state }: DeskAccount): string | null {
  if (state.policy === undefined) return null
  const { dn, source } = state.policy
  return t(source === 'entry' ? 'desk.policyOwn' : 'desk.policyDefault', { dn })
}

/** Where the password is that the person types, and where there is one of its own besides. */
function passwordPlace({ t }: Reader, { state: { conditions }, directory }: DeskAccount): HtmlValue {
  const beside = new Set(directory.settings.passwords.alsoIn.map((rule) => rule.directory))
  const elsewhere = conditions.find(({ kind }) => kind === 'password-elsewhere')
  const first =
    elsewhere?.kind === 'password-elsewhere'
      ? placesElsewhere(directory, elsewhere.identity, t)
      : conditions.some(({ kind }) => kind === 'no-password')
        ? t('desk.passwordNowhere')
        : t('desk.passwordHere', { directory: directory.name })
  return lines([first, ...Array.from(beside, (name) => t('desk.passwordBeside', { directory: name }))])
}

function placesElsewhere(directory: DeskAccount['directory'], identity: string, t: Reader['t']): string {
  const named = passThroughRules(directory, identity).map((rule) => rule.directory)
  return named.length === 0
    ? t('desk.passwordElsewhere', { identity })
    : t('desk.passwordThere', { directory: named.join(', '), identity })
}
