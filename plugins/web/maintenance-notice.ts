import type { Locale, Translate } from '../../src/messages/message.ts'
import type { Maintenance } from '../../src/store/maintenance.ts'
import { html, type SafeHtml } from './html.ts'
import { notice } from './notice.ts'
import { momentText } from './time.ts'

/** What every page says at its top during a maintenance, or before one. */
export function maintenanceNotice(maintenance: Maintenance, t: Translate, locale: Locale): SafeHtml {
  const { readOnly, until } = maintenance
  const said = maintenance[locale] ?? t(readOnly ? 'maintenance.readOnly' : 'maintenance.announced')
  const end =
    until === null ? null : html`<p>${t('maintenance.until', { time: momentText(locale, until) })}</p>`
  return html`<aside class="maintenance" aria-label="${t('maintenance.title')}">
    ${notice(
      'warning',
      html`<p><strong>${said}</strong></p>
        ${end}`,
    )}
  </aside>`
}
