import { passThroughRules } from '../../src/accounts/password/password-places.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import { mailLink, phoneLink } from '../web/contact.ts'
import { card, definitions } from '../web/data.ts'
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
    [t('desk.validFrom'), date(state.validFrom)],
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

/** As a day where the end is the end of one; else to the minute. */
function lastDay({ locale }: Reader, until: Date | undefined): HtmlValue {
  if (until === undefined) return null
  const isMidnight = startOfDay(dayOf(until)).getTime() === until.getTime()
  if (!isMidnight) return moment(locale, until)
  return html`<time datetime="${until.toISOString()}">${dayText(locale, lastMoment(until))}</time>`
}

function policy({ t }: Reader, { state }: DeskAccount): string | null {
  if (state.policy === undefined) return null
  const { dn, source } = state.policy
  return t(source === 'entry' ? 'desk.policyOwn' : 'desk.policyDefault', { dn })
}

/** Where the password is that the person types, and where there is one of its own besides. */
function passwordPlace({ t }: Reader, { state, directory }: DeskAccount): HtmlValue {
  const beside = directory.settings.passwords.alsoIn.map((rule) => rule.directory)
  const conditions = state.conditions
  const elsewhere = conditions.find(({ kind }) => kind === 'password-elsewhere')
  const first =
    elsewhere?.kind === 'password-elsewhere'
      ? placesElsewhere(directory, elsewhere.identity, t)
      : conditions.some(({ kind }) => kind === 'no-password')
        ? t('desk.passwordNowhere')
        : directory.name
  return [...new Set([first, ...beside])].join(', ')
}

function placesElsewhere(directory: DeskAccount['directory'], identity: string, t: Reader['t']): string {
  const named = passThroughRules(directory, identity).map((rule) => rule.directory)
  return named.length === 0
    ? t('desk.passwordElsewhere', { identity })
    : t('desk.passwordThere', { directory: named.join(', '), identity })
}
