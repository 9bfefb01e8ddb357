import type { Frozen } from '../../../src/store/sync-freeze.ts'
import { byText } from '../../../src/store/by-text.ts'
import { postButton } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { notice } from '../../web/notice.ts'
import { momentText } from '../../web/time.ts'
import type { Reader } from './reader.ts'

/** That nothing is written, who wanted it so and why; nothing while it is not so. */
export function frozenNotice(reader: Reader, frozen: Frozen | null): SafeHtml | null {
  if (frozen === null) return null
  const { t, locale, mayRun, csrf } = reader
  const { by, at, reason } = frozen
  return notice(
    'warning',
    html`<p><strong>${t('sync.frozen.title')}</strong> ${t('sync.frozen.effect')}</p>
      <p>${t('sync.frozen.who', { by: byText(t, by), time: momentText(locale, at) })} <q>${reason}</q></p>
      ${mayRun ? postButton({ action: '/sync/thaw', csrf: csrf(), label: t('sync.thaw') }) : null}`,
  )
}
