import { html, type HtmlValue, type SafeHtml } from './html.ts'
import { safeUrl } from './safe-url.ts'

export type RichText = { title: string | null; body: SafeHtml }

/**
 * The part of Markdown that a legal notice needs: headings, paragraphs, lists of one level, links, `**strong**`, `*emphasis*`, a line that ends with `\`. Everything
 * else, HTML included, is text. A `#` heading at the start is the title; the others begin at `h2`, since the page has its `h1`.
 */
export function richText(text: string): RichText {
  const [first, ...others] = blocksOf(text)
  if (first?.kind === 'heading' && first.level === 1)
    return { title: first.lines.join(' '), body: html`${others.map(blockHtml)}` }
  return { title: null, body: html`${[first ?? [], others].flat().map(blockHtml)}` }
}

type Kind = 'heading' | 'paragraph' | 'bullets' | 'numbers'
/** Of a list, a line is an item. */
type Block = { kind: Kind; level: number; lines: string[] }

function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let isApart = true
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const last = blocks.at(-1)
    const read = readLine(line)
    if (line.trim() === '') isApart = true
    else {
      const isItem = read.kind === 'bullets' || read.kind === 'numbers'
      if (isItem && last?.kind === read.kind) last.lines.push(read.text)
      else if (read.kind !== 'paragraph' || last === undefined || last.kind === 'heading' || isApart)
        blocks.push({ kind: read.kind, level: read.level, lines: [read.text] })
      else last.lines.push(`${last.lines.pop() ?? ''}\n${read.text}`)
      isApart = false
    }
  }
  return blocks
}

function readLine(line: string): { kind: Kind; level: number; text: string } {
  const text = line.trim()
  const [, sign = '', content = ''] = /^(#{1,6}|[-*+]|\d{1,9}[.)])\s+(.*)$/.exec(text) ?? []
  if (sign === '') return { kind: 'paragraph', level: 0, text }
  if (sign.startsWith('#')) return { kind: 'heading', level: sign.length, text: content }
  return { kind: /\d/.test(sign) ? 'numbers' : 'bullets', level: 0, text: content }
}

function blockHtml({ kind, level, lines }: Block): SafeHtml {
  if (kind === 'bullets')
    return html`<ul>
      ${lines.map(itemHtml)}
    </ul>`
  if (kind === 'numbers')
    return html`<ol>
      ${lines.map(itemHtml)}
    </ol>`
  const content = lines.map(inline)
  if (kind === 'paragraph') return html`<p>${content}</p>`
  if (level <= 2) return html`<h2>${content}</h2>`
  return level === 3 ? html`<h3>${content}</h3>` : html`<h4>${content}</h4>`
}

function itemHtml(line: string): SafeHtml {
  return html`<li>${inline(line)}</li>`
}

// None of its parts spans the sign that begins it, so that it stays linear whatever is written.
const marks =
  /\\(?<escaped>[!-/:-@[-`{-~])|(?<br>\\\n)|\*\*(?<strong>[^*]+)\*\*|\*(?<emphasis>[^*\s][^*]*)\*|\[(?<label>[^[\]]+)\]\((?<to>[^()\s]+)\)|<(?<address>(?:https?|mailto|tel):[^<>\s]+)>/g

function inline(text: string): HtmlValue[] {
  const parts: HtmlValue[] = []
  let end = 0
  for (const match of text.matchAll(marks)) {
    parts.push(text.slice(end, match.index), markHtml(match[0], match.groups ?? {}))
    end = match.index + match[0].length
  }
  return [...parts, text.slice(end)]
}

function markHtml(whole: string, found: Readonly<Record<string, string | undefined>>): HtmlValue {
  const { escaped, br, strong, emphasis, label, to, address } = found
  if (escaped !== undefined) return escaped
  if (br !== undefined) return html`<br />`
  if (strong !== undefined) return html`<strong>${inline(strong)}</strong>`
  if (emphasis !== undefined) return html`<em>${inline(emphasis)}</em>`
  const url = linkUrl(to ?? address ?? '')
  const text = label === undefined ? (address?.replace(/^(?:mailto|tel):/, '') ?? '') : inline(label)
  return url === null ? whole : html`<a href="${url}">${text}</a>`
}

/** To elsewhere, or to a page of this site: what a browser would take for another host (`//`, `/\`) is none. */
function linkUrl(text: string): string | null {
  if (!text.startsWith('/')) return safeUrl(text)
  const here = 'https://site.invalid'
  const url = URL.parse(text, here)
  return url?.origin === here ? url.pathname + url.search + url.hash : null
}
