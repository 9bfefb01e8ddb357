import type { Translate } from '../../../src/messages/message.ts'
import { html, type SafeHtml } from '../../web/html.ts'

export type Bar = { readonly value: number; readonly text: string; readonly isAmiss: boolean }

const HEIGHT = 96
const STEP = 12
const BAR = 8
/** So that little is seen beside much, and something beside nothing. */
const LEAST = 2

/** Bars, oldest on the left. Drawn by attributes alone, and told in words: the figures of each are in the table of the page. */
export function barChart(
  t: Translate,
  { id, title, bars }: { id: string; title: string; bars: readonly Bar[] },
): SafeHtml {
  const most = bars.reduce((highest, bar) => (bar.value > highest.value ? bar : highest))
  const about = t('sync.chart.about', { count: bars.length, most: most.text })
  const width = Math.max(bars.length, 10) * STEP
  // The newest stays at the right, however few there are.
  const left = width - bars.length * STEP
  return html`<section class="card chart">
    <h2 id="chart-${id}">${title}</h2>
    <svg
      viewBox="0 0 ${width} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-labelledby="chart-${id}"
      aria-describedby="about-${id}"
    >
      ${bars.map((bar, index) => barAt(bar, left + index * STEP, most.value))}
      <path class="ground" d="M0 ${HEIGHT - 0.5}H${width}" />
    </svg>
    <p class="hint" id="about-${id}">${about}</p>
  </section>`
}

function barAt({ value, text, isAmiss }: Bar, left: number, most: number): SafeHtml {
  const height = most === 0 || value === 0 ? LEAST / 2 : Math.max(LEAST, (value / most) * (HEIGHT - 6))
  return html`<rect
    class="${isAmiss ? 'amiss' : 'bar'}"
    x="${left + (STEP - BAR) / 2}"
    y="${(HEIGHT - height).toFixed(1)}"
    width="${BAR}"
    height="${height.toFixed(1)}"
  >
    <title>${text}</title>
  </rect>`
}
