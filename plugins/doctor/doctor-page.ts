import type { Finding, Severity } from '../../src/directory/doctor/finding.ts'
import type { Locale, Translate } from '../../src/messages/message.ts'
import { emptyState, card, pageHead } from '../web/data.ts'
import { linkButton } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { badge, type Tone } from '../web/notice.ts'
import { momentText } from '../web/time.ts'
import type { Examination } from './examinations.ts'

type Reader = { t: Translate; locale: Locale }

/** The findings by directory, errors first, each with why it matters and what mends it. */
export function doctorPage(
  { t, locale }: Reader,
  directories: readonly string[],
  { findings, at }: Examination,
): SafeHtml {
  return html`${pageHead(t('doctor.title'), { lead: t('doctor.lead'), acts: linkButton('/checkup', t('doctor.again')) })}
    <p class="hint">${t('doctor.examined', { time: momentText(locale, at) })} ${countsText(t, findings)}</p>
    ${directories.map((name) =>
      directoryPart(
        t,
        name,
        findings.filter(({ directory }) => directory === name),
      ),
    )}`
}

function countsText(t: Translate, findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length
  return t('doctor.counts', { errors: count('error'), warnings: count('warning'), notes: count('note') })
}

function directoryPart(t: Translate, name: string, findings: readonly Finding[]): SafeHtml {
  const id = `directory-${name}`
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${t('doctor.directory', { name })}</h2>
    ${
      findings.length === 0
        ? card(emptyState('check', t('doctor.sound'), t('doctor.soundText')))
        : findings.map((finding) => findingCard(t, finding))
    }
  </section>`
}

const tones: Readonly<Record<Severity, Tone>> = { error: 'danger', warning: 'warning', note: 'info' }

function findingCard(t: Translate, { code, severity, params, fix }: Finding): SafeHtml {
  return card(
    html`<h3>
        ${badge(tones[severity], t(`doctor.severity.${severity}`))} ${t(`doctor.${code}.says`, params)}
      </h3>
      <p>${t(`doctor.${code}.why`, params)}</p>
      ${
        fix === undefined
          ? null
          : html`<p class="hint">${t('doctor.fix')}</p>
              <pre class="fix" tabindex="0"><code>${fix}</code></pre>`
      }`,
  )
}
