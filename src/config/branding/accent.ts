import { mix, shades } from './colour.ts'
import { contrast } from './contrast.ts'

export type Scheme = 'light' | 'dark'

/** The shades of one scheme. White text stands on `fill` and `hover`, `text` on every surface and on `soft`. */
export type Accent = { text: string; fill: string; hover: string; soft: string }

/** `--page`, `--surface` and `--surface-2` of plugins/web/styles/tokens.css. */
export const surfaces = {
  light: ['#f5f6f9', '#ffffff', '#eef0f5'],
  dark: ['#10141b', '#181e28', '#222a37'],
} as const satisfies Record<Scheme, readonly string[]>

const white = '#ffffff'
const black = '#000000'
const readable = 4.5
/** Of a button from what is around it (WCAG 2.2, 1.4.11). */
const distinct = 3

/**
 * The tenant's accent: `colour` as it is, and shades of it where the scheme is dark. Both colours have passed `accentFault`. White can be read on `colour`, and still
 * can on the first lighter shade that stands out from a dark surface.
 */
export function accentsOf(colour: string, colourDark?: string): Record<Scheme, Accent> {
  const text = colourDark ?? nearestShade(colour, 'dark')
  const fill = nearest(colour, 'white', (shade) => contrast(shade, surfaces.dark[1]) >= distinct)
  return {
    light: { text: colour, fill: colour, hover: mix(colour, black, 0.15), soft: soft(colour, 'light') },
    dark: { text, fill, hover: mix(fill, black, 0.12), soft: soft(text, 'dark') },
  }
}

/** What is wrong with an accent colour, for `expected`; undefined when it can be read wherever it is used. */
export function accentFault(colour: string, scheme: Scheme): string | undefined {
  const [least] = contrastsOf(colour, scheme).toSorted((a, b) => a.ratio - b.ratio)
  if (least === undefined || least.ratio >= readable) return undefined
  // Rounded down: 4.497 is not 4.5.
  const ratio = (Math.floor(least.ratio * 100) / 100).toFixed(2)
  return `a contrast of at least 4.5:1 (here ${ratio}:1, ${least.use}): ${nearestShade(colour, scheme)} is the nearest shade that has it`
}

function nearestShade(colour: string, scheme: Scheme): string {
  return nearest(colour, scheme === 'light' ? 'black' : 'white', (shade) =>
    contrastsOf(shade, scheme).every(({ ratio }) => ratio >= readable),
  )
}

/** The places where a page shows the accent. */
function contrastsOf(colour: string, scheme: Scheme): { ratio: number; use: string }[] {
  const links = [...surfaces[scheme], soft(colour, scheme)].map((surface) => ({
    ratio: contrast(colour, surface),
    use: `as a link on ${surface}`,
  }))
  return scheme === 'dark' ? links : [...links, { ratio: contrast(colour, white), use: 'under white text' }]
}

function soft(colour: string, scheme: Scheme): string {
  const [, surface] = surfaces[scheme]
  return mix(surface, colour, 0.1)
}

/** The first shade on the way to black or white that is good. The way ends where everything that is asked for here is fulfilled. */
function nearest(colour: string, end: 'white' | 'black', isGood: (shade: string) => boolean): string {
  return shades(colour, end).find(isGood) ?? colour
}
