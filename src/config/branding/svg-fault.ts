import { SaxesParser, type SaxesAttributeNS, type SaxesTagNS } from 'saxes'

const svgNamespace = 'http://www.w3.org/2000/svg'
const xhtmlNamespace = 'http://www.w3.org/1999/xhtml'

/** What is more than a drawing: runs, holds another document, or moves. */
const refusedElements: ReadonlySet<string> = new Set(
  'script foreignObject iframe embed object audio video animate animateMotion animateTransform set'.split(
    ' ',
  ),
)

/**
 * What an SVG has in it that a logo must not, with its line; undefined for a mere drawing. We show it as an image, where nothing runs and nothing is fetched; but
 * whoever opens its address has it as a document.
 */
export function svgFault(text: string): string | undefined {
  const parser = new SaxesParser({ xmlns: true })
  const faults: string[] = []
  const report = (what: string | undefined) => {
    if (what !== undefined) faults.push(`${what} (line ${parser.line})`)
  }
  let depth = 0
  let element = ''
  parser.on('error', (error) => report(`no well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`))
  // Without entities of its own, of which saxes makes an error where they are used.
  parser.on('doctype', (doctype) => report(doctype.includes('[') ? 'a DTD of its own' : undefined))
  parser.on('processinginstruction', ({ target }) => report(`an instruction <?${target}>`))
  parser.on('opentag', (tag) => {
    depth += 1
    element = tag.local
    report(depth === 1 ? rootFault(tag) : undefined)
    report(elementFault(tag))
    for (const attribute of Object.values(tag.attributes)) report(attributeFault(attribute))
  })
  parser.on('closetag', () => (depth -= 1))
  const readText = (part: string) => report(element === 'style' ? styleFault(part) : undefined)
  parser.on('text', readText)
  parser.on('cdata', readText)
  parser.write(text).close()
  return faults[0]
}

function rootFault({ local, uri, attributes }: SaxesTagNS): string | undefined {
  if (local !== 'svg' || uri !== svgNamespace) return `no SVG: its root is <${local}>`
  return 'viewBox' in attributes ? undefined : 'an SVG without `viewBox`, which cannot be scaled'
}

function elementFault({ name, local, uri }: SaxesTagNS): string | undefined {
  return refusedElements.has(local) || uri === xhtmlNamespace ? `<${name}>` : undefined
}

function attributeFault({ local, uri, value }: SaxesAttributeNS): string | undefined {
  if (/^on/i.test(local)) return `the event handler \`${local}\``
  if (/^(?:href|src)$/i.test(local)) return own.test(value.trim()) ? undefined : elsewhere(local)
  // Attributes of editors (`inkscape:…`) mean nothing to a browser.
  return uri === '' ? styleFault(value) : undefined
}

/** A part of the drawing itself, or an image that it brings along. */
const own = /^["']?\s*(?:#|data:image\/(?:png|jpeg|webp);base64,)/

/** Of a style sheet, a `style`, or any attribute that takes `url(…)`. */
function styleFault(css: string): string | undefined {
  if (css.includes('\\')) return 'a backslash in a style, which may hide an address'
  const [addressed] = /@import|image-set(?=\()/i.exec(css) ?? []
  if (addressed !== undefined) return elsewhere(addressed)
  const [, ...addresses] = css.split(/url\(\s*/i)
  return addresses.every((address) => own.test(address)) ? undefined : elsewhere('url(…)')
}

function elsewhere(what: string): string {
  return `\`${what}\` that leads out of it`
}
