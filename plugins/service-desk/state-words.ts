import type { AccountState, Condition, StateName } from '../../src/directory/account-state.ts'
import type { Locale, MessageParams, Translate } from '../../src/messages/message.ts'
import type { IconName } from '../web/icon.ts'
import type { Tone } from '../web/notice.ts'
import { isSameDay, momentText, timeText } from '../web/time.ts'

/** For whom, and when: a time of today is said without its date. */
export type Reader = { t: Translate; locale: Locale; now: Date }

/** Something that is true of an account: in two words, and in a sentence that says what to do. */
export type StateLine = { tone: Tone; sign: IconName; name: string; text: string }

export const stateLooks: Readonly<Record<StateName, { tone: Tone; sign: IconName }>> = {
  locked: { tone: 'danger', sign: 'lock' },
  disabled: { tone: 'danger', sign: 'stop' },
  'not-started': { tone: 'warning', sign: 'clock' },
  ended: { tone: 'danger', sign: 'stop' },
  idle: { tone: 'warning', sign: 'clock' },
  'password-expired': { tone: 'warning', sign: 'clock' },
  'must-change': { tone: 'info', sign: 'key' },
  'closed-elsewhere': { tone: 'danger', sign: 'external' },
  'password-expiring': { tone: 'info', sign: 'clock' },
  ending: { tone: 'info', sign: 'clock' },
  'no-password': { tone: 'info', sign: 'key' },
  'password-elsewhere': { tone: 'info', sign: 'external' },
  'never-signed-in': { tone: 'info', sign: 'clock' },
  dormant: { tone: 'info', sign: 'clock' },
}

/** What there is to say of an account's state, the most important first. */
export function stateLines({ t, ...reader }: Reader, state: AccountState): StateLine[] {
  const lines = state.conditions.map((condition) => conditionLine({ t, ...reader }, condition))
  const signIn: StateLine = state.canSignIn
    ? { tone: 'success', sign: 'check', name: t('state.canSignIn'), text: t('state.canSignIn.text') }
    : { tone: 'danger', sign: 'stop', name: t('state.cannotSignIn'), text: t('state.cannotSignIn.text') }
  const unenforced: StateLine[] = state.enforced
    ? []
    : [{ tone: 'warning', sign: 'alert', name: t('state.not-enforced'), text: t('state.not-enforced.text') }]
  return [signIn, ...lines, ...unenforced]
}

function conditionLine(reader: Reader, condition: Condition): StateLine {
  const { kind } = condition
  return { ...stateLooks[kind], name: reader.t(`state.${kind}`), text: conditionText(reader, condition) }
}

function conditionText({ t, locale, now }: Reader, condition: Condition): string {
  const when = (date: Date) => times(locale, date, now)
  switch (condition.kind) {
    case 'locked': {
      if (condition.until) return t('state.locked.until', when(condition.until))
      return condition.by === 'policy' && condition.since
        ? t('state.locked.policy', when(condition.since))
        : t('state.locked.agent')
    }
    case 'not-started':
      return t('state.not-started.text', when(condition.from))
    case 'ended':
    case 'idle':
      return t(`state.${condition.kind}.text`, when(condition.since))
    case 'password-expired':
      return condition.graceLeft > 0
        ? t('state.password-expired.grace', { ...when(condition.since), count: condition.graceLeft })
        : t('state.password-expired.text', when(condition.since))
    case 'disabled':
    case 'must-change':
      return t(`state.${condition.kind}.text`)
    case 'closed-elsewhere':
      return t(`state.closed-elsewhere.${condition.how}`)
    case 'password-elsewhere':
      return t('state.password-elsewhere.text', { identity: condition.identity })
    case 'password-expiring':
    case 'ending':
      return t(`state.${condition.kind}.text`, when(condition.at))
    case 'no-password':
      return t('state.no-password.text')
    case 'never-signed-in':
      return t('state.never-signed-in.text')
    case 'dormant':
      return t('state.dormant.text', when(condition.since))
  }
}

function times(locale: Locale, date: Date, now: Date): MessageParams {
  return {
    today: isSameDay(date, now) ? 'yes' : 'no',
    time: timeText(locale, date),
    date: momentText(locale, date),
  }
}
