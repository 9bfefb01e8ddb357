import { accentsOf } from '../../src/config/branding/accent.ts'

/** The style sheet that sets the accent of `tokens.css` anew. Colours come checked from the configuration: `#rrggbb`. */
export function brandSheet(colour: string, colourDark?: string): string {
  const { light, dark } = accentsOf(colour, colourDark)
  const pairs = {
    '--brand': [light.text, dark.text],
    '--brand-fill': [light.fill, dark.fill],
    '--brand-fill-hover': [light.hover, dark.hover],
    '--brand-soft': [light.soft, dark.soft],
    '--focus': [light.text, dark.text],
  }
  const lines = Object.entries(pairs).map(([name, pair]) => `  ${name}: light-dark(${pair.join(', ')});\n`)
  return `:root:not([data-theme]) {\n${lines.join('')}}\n`
}
