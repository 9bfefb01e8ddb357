import { isUtf8 } from 'node:buffer'
import type { SyncRecord } from '../record.ts'
import type { Evaluation, EvaluationResult, Expression, Surface } from './expressions.ts'
import { escapeRdn, valuesIn } from './realm/dn.js'

type Template = (source: SyncRecord | null) => string

/**
 * Answers batches that ask for nothing but templates of the source's first values, without a sandbox: names of entries mostly are, and they are asked for with
 * every entry, changed or not. Gives what the sandbox would; null: there is more to them.
 */
export function plainTemplates(
  expressions: readonly Expression[],
  { dialect, includes }: Surface,
): (batch: readonly Evaluation[]) => readonly EvaluationResult[] | null {
  // An include might give `dn` another meaning.
  if (dialect === 'lsc' || includes.length > 0) return () => null
  const templates = expressions.map(plainTemplate)
  const isPlain = ({ wanted, condition }: Evaluation): boolean =>
    condition === undefined && wanted.every((index) => templates[index] !== null)
  return (batch) => {
    if (!batch.every(isPlain)) return null
    return batch.map(({ scope, wanted }) => {
      const texts = wanted.map((index) => templates[index]?.(scope.source) ?? '')
      return { condition: true, results: texts.map((text) => ({ values: text === '' ? [] : [text] })) }
    })
  }
}

// No escapes and no line ends: what becomes of them is the sandbox's to know.
const TEMPLATE = /^\s*(dn)?`((?:[^`\\$\r]|\$\{\s*source\.\w+\s*\})*)`\s*$/
const HOLE = /\$\{\s*source\.(\w+)\s*\}/

function plainTemplate({ code, result }: Expression): Template | null {
  const [, tag, body] = TEMPLATE.exec(code) ?? []
  if (result === 'condition' || body === undefined) return null
  const parts = body.split(HOLE)
  const pieces = parts.filter((_, index) => index % 2 === 0)
  const names = parts.filter((_, index) => index % 2 === 1)
  if (names.includes('all')) return null
  const isValue = tag === undefined ? names.map(() => false) : valuesIn(pieces)
  const [first = '', ...others] = pieces
  return (source) => {
    let text = first
    for (const [index, name] of names.entries()) {
      const hole = firstText(source, name)
      text += (isValue[index] === true ? escapeRdn(hole) : hole) + (others[index] ?? '')
    }
    return text
  }
}

function firstText(source: SyncRecord | null, name: string): string {
  if (name === 'dn') return source?.name ?? ''
  const value = source?.values(name)[0] ?? ''
  return typeof value === 'string' ? value : value.toString(isUtf8(value) ? 'utf8' : 'latin1')
}
