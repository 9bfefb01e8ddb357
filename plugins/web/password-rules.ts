import type { Judgement, JudgedRule } from '../../src/accounts/password/judge-password.ts'
import { isMessageKey, type Translate } from '../../src/messages/message.ts'
import { html, type SafeHtml } from './html.ts'
import { icon } from './icon.ts'

/** The rules of a new password, said before anything is typed. `passwordJudged` takes its place as the person types. */
export function passwordRules(t: Translate, judgement: Judgement): SafeHtml {
  return html`<div class="rules">
    <div id="password-rules">${ruleList(t, judgement)}</div>
    <p class="visually-hidden" id="password-spoken" role="status"></p>
    <p class="hint">${t('passwordRule.directory')}</p>
  </div>`
}

/**
 * Attributes of the password field that has its text judged at `action` as it is typed. The whole form is sent; what judges reads the
 * text only. */
export function judgedAt(action: string): SafeHtml {
  return html`hx-post="${action}" hx-trigger="input changed delay:300ms" hx-target="#password-rules"
  hx-sync="this:replace"`
}

/** What htmx puts in place: the list for the eye, one sentence for the ear. */
export function passwordJudged(t: Translate, judgement: Judgement): SafeHtml {
  return html`${ruleList(t, judgement)}
    <p class="visually-hidden" id="password-spoken" hx-swap-oob="innerHTML">${spoken(t, judgement)}</p>`
}

function ruleList(t: Translate, { rules, strength }: Judgement): SafeHtml {
  return html`<ul>
      ${rules.map((judged) => ruleLine(t, judged))}
    </ul>
    ${
      strength === null
        ? null
        : html`<p class="strength strength-${strength}">
            <span class="scale" aria-hidden="true"><i></i><i></i><i></i><i></i></span
            >${t(`strength.${strength}`)}
          </p>`
    }`
}

function ruleLine(t: Translate, { rule, isKept }: JudgedRule): SafeHtml {
  const state = isKept === null ? 'open' : isKept ? 'kept' : 'broken'
  const said =
    isKept === null
      ? null
      : html`<span class="visually-hidden">
          – ${t(`passwordRule.${state === 'kept' ? 'kept' : 'broken'}`)}</span
        >`
  return html`<li class="${state}">
    ${icon(isKept === null ? 'dot' : isKept ? 'check' : 'cross')}<span>${ruleText(t, rule)}${said}</span>
  </li>`
}

/** A rule as it is wished for; one that is only shown when broken is said as a fault. */
function ruleText(t: Translate, { reason, params }: JudgedRule['rule']): string {
  const wish = `passwordRule.${reason}`
  if (isMessageKey(wish)) return t(wish, params)
  const fault = `fault.${reason}`
  return t(isMessageKey(fault) ? fault : 'fault.invalid', params)
}

function spoken(t: Translate, { rules, strength }: Judgement): string {
  if (strength === null) return ''
  const broken = rules.filter(({ isKept }) => isKept === false).length
  return `${t('passwordRule.spoken', { broken })} ${t(`strength.${strength}`)}`
}
