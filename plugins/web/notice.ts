import { html, type HtmlValue, type SafeHtml } from './html.ts'
import { icon, type IconName } from './icon.ts'

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger'

const toneIcon: Readonly<Record<Tone, IconName>> = {
  neutral: 'info',
  info: 'info',
  success: 'check',
  warning: 'alert',
  danger: 'alert',
}

/** A message in the page. `live`: it answers what the person just did and is read out at once. */
export function notice(tone: Tone, content: HtmlValue, live = false): SafeHtml {
  const role = tone === 'danger' ? 'alert' : 'status'
  return html`<div class="notice ${tone}" ${live ? html`role="${role}"` : null}>
    ${icon(toneIcon[tone])}
    <div>${content}</div>
  </div>`
}

/** A state in one or two words. Its drawing and its text say it; the colour only helps. */
export function badge(tone: Tone, text: string, sign: IconName = toneIcon[tone]): SafeHtml {
  return html`<span class="badge ${tone}">${icon(sign)}${text}</span>`
}
