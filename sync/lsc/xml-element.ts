import { SaxesParser } from 'saxes'
import { LscFault } from './lsc-note.ts'

/** An element of XML. Names are local ones: plug-ins prefix theirs as they like. */
export type XmlElement = {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** Texts and elements in their order. */
  readonly content: readonly (string | XmlElement)[]
  readonly line: number
}

export function childrenOf({ content }: XmlElement): XmlElement[] {
  return content.filter((part) => typeof part !== 'string')
}

/** Its own text, as it stands. */
export function textOf({ content }: XmlElement): string {
  return content.filter((part) => typeof part === 'string').join('')
}

type Open = XmlElement & { readonly content: (string | XmlElement)[] }

/** Reads a document. Nothing outside of it is ever opened: no entities, no DTD. Throws `LscFault` where it is not well-formed. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true })
  const document: Open = { name: '', attributes: new Map(), content: [], line: 1 }
  const open: Open[] = [document]
  let line = 1
  const add = (part: string | XmlElement): void => void open.at(-1)?.content.push(part)
  parser.on('error', (error) => {
    throw new LscFault(parser.line, error.message.replace(/^\d+:\d+: /, ''))
  })
  // Where the tag begins: its attributes may be on many lines.
  parser.on('opentagstart', () => (line = parser.line))
  parser.on('opentag', ({ name, attributes }) => {
    const given = Object.entries(attributes).map(([key, value]) => [localName(key), value] as const)
    const element: Open = { name: localName(name), attributes: new Map(given), content: [], line }
    add(element)
    open.push(element)
  })
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  const [root] = childrenOf(document)
  if (root === undefined) throw new LscFault(1, 'the file is empty')
  return root
}

function localName(name: string): string {
  return name.startsWith('xmlns') ? name : name.replace(/^.*:/, '')
}
