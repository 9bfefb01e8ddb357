import type { Judgement } from '../../src/accounts/password/judge-password.ts'
import type { Written } from '../../src/accounts/password/write-everywhere.ts'
import type { Translate } from '../../src/messages/message.ts'
import { partlyPage } from '../password-places.ts'
import { targetDocument } from '../password-targets.ts'
import { errorSummary } from '../web/error-summary.ts'
import { linkButton, postForm, submitButton, type FaultText } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { notice } from '../web/notice.ts'
import { newPassword, usernameField } from '../web/new-password.ts'
import { finishPath } from './recovery-cookie.ts'

type Shown = { csrf: string; login: string; judgement: Judgement; faults: readonly FaultText[] }

/** A new password for whoever has the mailbox. It says for which account, so that nobody sets a stranger's. */
export function finishPage(t: Translate, { csrf, login, judgement, faults }: Shown): SafeHtml {
  const content = html`${usernameField(login)}
  ${newPassword(t, { judged: `${finishPath}/check`, judgement, faults })} ${submitButton(t('recover.finish'))}`
  return html`<h1>${t('recover.finishTitle')}</h1>
    <p class="lead">${t('recover.finishLead', { login })}</p>
    ${errorSummary(t, faults)} ${postForm({ action: finishPath, csrf, content })}`
}

/** Shown for a moment, when at all. */
export function toForm(t: Translate): SafeHtml {
  return html`<h1>${t('recover.finishTitle')}</h1>
    <p>${linkButton(finishPath, t('recover.continue'), 'primary')}</p>`
}

export function deadLinkPage(t: Translate): SafeHtml {
  return html`<h1>${t('recover.deadTitle')}</h1>
    ${notice('warning', t('recover.dead'))}
    <p class="acts">
      ${linkButton('/recover', t('recover.again'), 'primary')}${linkButton('/sign-in', t('recover.back'))}
    </p>`
}

/** Nobody is signed in by a link: they sign in with what they have just chosen. */
export function recoveredPage(t: Translate): SafeHtml {
  return html`<h1>${t('recover.doneTitle')}</h1>
    ${notice('success', t('recover.done'))}
    <p>${linkButton('/sign-in', t('web.signIn'), 'primary')}</p>`
}

/** One directory or several still have the old password. */
export function recoveredPartlyPage(t: Translate, { targets, retry }: Written): SafeHtml {
  const lead = t(retry === null ? 'recover.partlyHelp' : 'recover.partlyAdvice')
  return partlyPage(t, targets.map(targetDocument), { lead, href: '/sign-in', label: t('web.signIn') })
}
