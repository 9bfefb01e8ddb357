import type { LscNote } from './lsc-note.ts'
import { childrenOf, textOf, type XmlElement } from './xml-element.ts'

/** Reads the children of an element by name, in whatever order they are, and knows which nobody asked for. */
export type ElementFields = {
  readonly line: number
  /** The first of these names that is there. */
  child(...names: readonly string[]): XmlElement | undefined
  children(...names: readonly string[]): readonly XmlElement[]
  /** As it is written: scripts, passwords. '' when absent. */
  raw(...names: readonly string[]): string | undefined
  /** Without blanks around it; undefined when absent or empty. */
  text(...names: readonly string[]): string | undefined
  /** The same of an element that LSC wants: its absence is told. */
  required(name: string): string
  flag(name: string, usual: boolean): boolean
  whole(name: string, usual: number): number
  oneOf<const Name extends string>(name: string, known: readonly Name[], usual: Name): Name
  /** The `<string>`s in an element; null when it is absent. */
  strings(name: string): readonly string[] | null
  attribute(name: string): string | undefined
  /** Accepts children without reading them. */
  pass(...names: readonly string[]): void
  /** Tells of every child that nobody has asked for. */
  end(): void
}

/** `notes`: takes what is missing, wrong or unknown. */
export function fieldsOf(element: XmlElement, notes: LscNote[]): ElementFields {
  const asked = new Set<string>()
  const children = (...names: readonly string[]): readonly XmlElement[] => {
    for (const name of names) asked.add(name)
    return childrenOf(element).filter(({ name }) => names.includes(name))
  }
  const child = (...names: readonly string[]): XmlElement | undefined => children(...names)[0]
  return {
    line: element.line,
    child,
    children,
    raw(...names) {
      const found = child(...names)
      return found && textOf(found)
    },
    ...typedFields(element, child, notes),
    strings(name) {
      const items = child(name)
      return items === undefined ? null : stringsIn(items)
    },
    attribute: (name) => element.attributes.get(name),
    pass: (...names) => void children(...names),
    end() {
      for (const { name, line } of childrenOf(element))
        if (!asked.has(name))
          notes.push({ weight: 'ignored', line, text: `<${name}> in <${element.name}> is not known` })
    },
  }
}

function typedFields(
  element: XmlElement,
  child: ElementFields['child'],
  notes: LscNote[],
): Pick<ElementFields, 'text' | 'required' | 'flag' | 'whole' | 'oneOf'> {
  const text = (...names: readonly string[]): string | undefined => {
    const found = child(...names)
    const given = found && textOf(found).trim()
    return given === '' ? undefined : given
  }
  const cannot = (line: number, what: string): void => void notes.push({ weight: 'cannot', line, text: what })
  return {
    text,
    required(name) {
      const given = text(name)
      if (given === undefined) cannot(element.line, `<${element.name}> has no <${name}>`)
      return given ?? ''
    },
    flag(name, usual) {
      const given = text(name)
      return given === undefined ? usual : given === 'true' || given === '1'
    },
    whole(name, usual) {
      const given = text(name)
      if (given === undefined || /^-?\d+$/.test(given)) return Number(given ?? usual)
      cannot(child(name)?.line ?? element.line, `<${name}> is no whole number`)
      return usual
    },
    oneOf(name, known, usual) {
      const given = text(name)
      const found = known.find((each) => each.toLowerCase() === given?.toLowerCase())
      if (given !== undefined && found === undefined)
        cannot(child(name)?.line ?? element.line, `<${name}> is none of ${known.join(', ')}`)
      return found ?? usual
    },
  }
}

function stringsIn(element: XmlElement): string[] {
  return childrenOf(element)
    .filter(({ name }) => name === 'string')
    .map(textOf)
}
