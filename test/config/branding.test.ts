import * as fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { accentFault, accentsOf, surfaces } from '../../src/config/branding/accent.ts'
import { contrast } from '../../src/config/branding/contrast.ts'
import { svgFault } from '../../src/config/branding/svg-fault.ts'
import { faultsOf, load, sound } from './config-folder.ts'

const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#123456"/></svg>'
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(40)])

const branded = (branding: string): string =>
  `tenant: acme\nbranding:\n  ${branding.replaceAll('\n', '\n  ')}\n`

/** The faults of a branding that lies in a folder of its own, beside these files. */
async function brandingFaults(branding: string, files: Record<string, string | Buffer> = {}) {
  const beside = Object.entries(files).map(([name, content]) => [`branding/${name}`, content])
  const { lines } = await faultsOf({
    'idaas.yaml': sound,
    'branding/branding.yaml': branded(branding),
    ...Object.fromEntries(beside),
  })
  return lines.map((line) => line.replaceAll(/(?<=: )\/\S*\//g, ''))
}

describe('a branding', () => {
  test('lies in a folder with its files, which are named from there; images disturb nobody', async () => {
    const { config, warnings } = await load({
      'idaas.yaml': sound,
      'branding/branding.yaml': branded(`logo: logo.png
icon: icon.svg
colour: '#0b6b5d'
legal: { fr: legal.md }
accessibility: { state: non-compliant, en: accessibility.txt }`),
      'branding/logo.png': png,
      'branding/icon.svg': drawing,
      'branding/legal.md': '# Mentions légales',
      'branding/accessibility.txt': 'None.',
    })
    expect(warnings).toEqual([])
    const { logo, legal, logoHasName, links } = config.tenants[0]?.branding ?? {}
    expect([logo, legal?.fr].map((path) => path?.replace(/^.*(?=\/branding\/)/, ''))).toEqual([
      '/branding/logo.png',
      '/branding/legal.md',
    ])
    expect([logoHasName, links]).toEqual([false, []])
  })

  test('has every fault of its files told at once, with the key, what was found and what was expected', async () => {
    const faults = await brandingFaults(
      `logo: logo.gif
logoDark: photo.png
icon: gone.svg
legal: { fr: big.md, en: latin1.md }
accessibility: { state: fully-compliant, fr: empty.md, en: scripted.svg }`,
      {
        'logo.gif': 'GIF89a',
        'photo.png': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
        'big.md': 'x'.repeat(312_000),
        'latin1.md': Buffer.from('Mentions légales', 'latin1'),
        'empty.md': '\n',
      },
    )
    const at = 'tenants[0].branding'
    expect(faults).toEqual([
      `${at}.logo: logo.gif; a file .svg, .png, .jpg, .jpeg or .webp`,
      `${at}.logoDark: photo.png: other bytes; what its name says (.png)`,
      `${at}.icon: gone.svg: no such file; a file that can be read`,
      `${at}.legal.fr: big.md: 312 kB; at most 200 kB`,
      `${at}.legal.en: latin1.md: a file that is not UTF-8; what its name says (.md)`,
      `${at}.accessibility.fr: empty.md: nothing in it; what its name says (.md)`,
      `${at}.accessibility.en: scripted.svg; a file .md or .txt`,
    ])
  })

  test.each([
    ["colour: '#fff'", 'a colour of six digits'],
    ['legal: {}', 'a file `fr`, a file `en`, or both'],
    ['accessibility: { fr: a.md }', 'non-compliant, partially-compliant or fully-compliant'],
    ["links: [{ label: { fr: Intranet }, url: 'javascript:alert(1)' }]", 'a URL https:// or mailto:'],
    ["links: [{ label: {}, url: 'https://acme.example' }]", 'a text `fr`, a text `en`, or both'],
    ['help: { mail: nobody }', 'a mail address'],
    ["colourDark: '#aabbcc'", '`colour` beside it'],
    ['logoHasName: true', '`logo` beside it'],
  ])('refuses %s', async (branding, expected) => {
    const faults = await brandingFaults(branding, { 'a.md': 'text' })
    expect(faults.join('\n')).toContain(expected)
    expect(faults).toHaveLength(1)
  })

  test('whose colour cannot be read is told how far it is from that, and the nearest shade that can', async () => {
    const [fault] = await brandingFaults("colour: '#ff9900'")
    const [, shade = ''] = /(#[0-9a-f]{6}) is the nearest/.exec(fault ?? '') ?? []
    expect(fault).toMatch(/"#ff9900"; a contrast of at least 4\.5:1 \(here 1\.\d\d:1, as a link on #\w{6}\)/)
    expect(await brandingFaults(`colour: '${shade}'`)).toEqual([])
    const [dark] = await brandingFaults("colour: '#0b6b5d'\ncolourDark: '#0b6b5d'")
    expect(dark).toMatch(/^tenants\[0\]\.branding\.colourDark: .* is the nearest shade/)
  })
})

describe('contrast', () => {
  test.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffffff', 8.59],
    ['#FFFF00', '#0000ff', 8],
  ])('of %s and %s is known: %d', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2)
    expect(contrast(other, one)).toBeCloseTo(ratio, 2)
  })

  test('is measured against the surfaces that the style sheet has', async () => {
    const sheet = await readFile(new URL('../../plugins/web/styles/tokens.css', import.meta.url), 'utf8')
    const written = ['page', 'surface', 'surface-2'].map(
      (name) => new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(sheet)?.slice(1) ?? [],
    )
    expect(written).toEqual(surfaces.light.map((light, index) => [light, surfaces.dark[index]]))
  })

  test('is enough for every colour that passes, in both schemes, wherever a page shows it', () => {
    const hex = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`)
    fc.assert(
      fc.property(hex, (colour) => {
        const shade = /(#\w{6}) is the nearest/.exec(accentFault(colour, 'light') ?? '')?.[1] ?? colour
        expect(accentFault(shade, 'light')).toBeUndefined()
        const { light, dark } = accentsOf(shade)
        for (const { fill, hover } of [light, dark]) {
          expect(contrast('#ffffff', fill)).toBeGreaterThanOrEqual(4.5)
          expect(contrast('#ffffff', hover)).toBeGreaterThanOrEqual(4.5)
        }
        for (const surface of [...surfaces.light, light.soft])
          expect(contrast(light.text, surface)).toBeGreaterThanOrEqual(4.5)
        for (const surface of [...surfaces.dark, dark.soft])
          expect(contrast(dark.text, surface)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(dark.fill, surfaces.dark[1])).toBeGreaterThanOrEqual(3)
      }),
    )
  })
})

describe('an SVG', () => {
  const svg = (content: string, attributes = ''): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 8 8" ${attributes}>${content}</svg>`

  test.each([
    ['a mere drawing', drawing],
    [
      'what editors export',
      `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n${drawing}`,
    ],
    [
      'styles and parts of its own',
      svg('<style>.a { fill: url(#g) }</style><g id="g"/><use xlink:href="#g"/>'),
    ],
    ['an image that it brings along', svg('<image href="data:image/png;base64,AAAA"/>')],
    ['an editor’s own attributes', svg('<g xmlns:i="urn:editor" i:file="C:\\logo.svg"/>')],
  ])('passes with %s', (_, text) => {
    expect(svgFault(text)).toBeUndefined()
  })

  test.each([
    ['<script>', svg('<script>alert(1)</script>')],
    ['event handler', svg('', 'onload="alert(1)"')],
    ['<foreignObject>', svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>')],
    ['<h:script>', svg('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>')],
    ['`href`', svg('<image href="https://evil.example/a.png"/>')],
    ['`href`', svg('<use xlink:href="other.svg#a"/>')],
    ['`href`', svg('<a href="javascript:alert(1)"><rect/></a>')],
    ['`href`', svg('<image href="data:image/svg+xml;base64,AAAA"/>')],
    ['<set>', svg('<a><set attributeName="href" to="javascript:alert(1)"/></a>')],
    ['<animate>', svg('<animate attributeName="x" values="0;9"/>')],
    ['`url(…)`', svg('<rect fill="url(https://evil.example/a)"/>')],
    ['`url(…)`', svg('<rect style="fill: URL( \'//evil.example/a\' )"/>')],
    ['`@import`', svg('<style>@import "https://evil.example/a.css";</style>')],
    ['`url(…)`', svg('<style><![CDATA[a { fill: url(https://evil.example/a) }]]></style>')],
    ['`image-set`', svg('<rect style="cursor: image-set(\'https://evil.example/a\' 1x)"/>')],
    ['a backslash', svg('<rect style="fill: u\\72l(https://evil.example/a)"/>')],
    ['a DTD', `<!DOCTYPE svg [<!ENTITY a "b">]>${drawing}`],
    ['<?xml-stylesheet>', `<?xml-stylesheet href="a.css"?>${drawing}`],
    ['viewBox', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['root is <html>', '<html xmlns="http://www.w3.org/1999/xhtml"/>'],
    ['well-formed', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'],
    ['well-formed', 'no XML at all'],
  ])('is refused for %s: %#', (what, text) => {
    expect(svgFault(text)).toContain(what)
  })
})
