import type { LscNote } from './lsc-note.ts'
import { childrenOf, parseXml, textOf, type XmlElement } from './xml-element.ts'

/** A statement of an iBATIS map, as one text; or why it is none. */
export type SqlSelect = { readonly sql: string } | { readonly fault: string }
/** By id, alone and with the namespace in front. */
export type SqlMaps = ReadonlyMap<string, SqlSelect>

/** Reads the maps of iBATIS 2 that an lsc.xml refers to. Each file has its own note when it cannot be read. */
export function readSqlMaps(texts: readonly string[], notes: LscNote[]): SqlMaps {
  const maps = new Map<string, SqlSelect>()
  for (const text of texts) {
    try {
      for (const [id, select] of selectsOf(parseXml(text))) maps.set(id, select)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      notes.push({ weight: 'ignored', line: 1, text: `an SQL map cannot be read: ${error.message}` })
    }
  }
  return maps
}

function* selectsOf(root: XmlElement): Generator<[string, SqlSelect]> {
  if (root.name !== 'sqlMap') return
  const namespace = root.attributes.get('namespace')
  const fragments = new Map(
    childrenOf(root)
      .filter(({ name }) => name === 'sql')
      .map((element) => [element.attributes.get('id') ?? '', textOf(element)]),
  )
  for (const element of childrenOf(root)) {
    const id = element.attributes.get('id')
    if (
      id === undefined ||
      !['select', 'insert', 'update', 'delete', 'statement', 'procedure'].includes(element.name)
    )
      continue
    const select =
      element.name === 'procedure' ? { fault: 'it calls a procedure' } : textIn(element, fragments)
    yield [id, select]
    if (namespace !== undefined) yield [`${namespace}.${id}`, select]
  }
}

function textIn(element: XmlElement, fragments: ReadonlyMap<string, string>): SqlSelect {
  let sql = ''
  for (const part of element.content) {
    if (typeof part === 'string') sql += part
    else if (part.name === 'include') sql += fragments.get(part.attributes.get('refid') ?? '') ?? ''
    else return { fault: `<${part.name}> is made anew for each entry` }
  }
  if (/\$\w+\$/.test(sql)) return { fault: 'text is put into it for each entry ($…$)' }
  return { sql: sql.trim().replace(/;\s*$/, '') }
}
