import { z } from 'zod'
import { isMessageKey, type Translate } from '../messages/message.ts'
import type { JournalFinding } from './sync-journal.ts'

/** Kinds that have words of their own. */
export const findingKinds = [
  'ambiguous',
  'kept',
  'no-pivot',
  'unusable',
  'expression',
  'dangling',
  'hook',
] as const

/** What kind it is, in a word or two. */
export function findingLabel(t: Translate, kind: string): string {
  const key = `sync.finding.${kind}`
  return isMessageKey(key) ? t(key) : t('sync.finding.other')
}

/** Whatever a kind tells; each tells some of it. */
const detailSchema = z.object({
  others: z.array(z.string()).catch([]),
  attribute: z.string().catch(''),
  expression: z.string().catch(''),
  detail: z.string().catch(''),
  column: z.string().nullable().catch(null),
  by: z.string().nullable().catch(null),
  at: z.coerce.date().nullable().catch(null),
})

/** What is the matter, in a sentence. `moment`: a time as its reader has it. */
export function findingText(
  t: Translate,
  { kind, detail: told }: JournalFinding,
  moment: (at: Date) => string,
): string {
  const { others, attribute, expression, detail, column, by, at } = detailSchema.parse(told)
  switch (kind) {
    case 'ambiguous':
      return t('sync.finding.ambiguous.text', { others: others.join(', ') })
    case 'kept':
      if (by === null) return t('sync.finding.kept.text', { attribute })
      return at === null
        ? t('sync.finding.kept.who', { attribute, by })
        : t('sync.finding.kept.by', { attribute, by, time: moment(at) })
    case 'no-pivot':
      return t('sync.finding.no-pivot.text')
    case 'unusable':
      if (detail === 'subtree') return t('sync.finding.unusable.subtree')
      return column === null ? detail : t('sync.finding.unusable.column', { column, detail })
    case 'expression':
      return t('sync.finding.expression.text', { expression, detail })
    case 'dangling':
      return t('sync.finding.dangling.text', { attribute, detail })
    case 'hook':
      return t('sync.finding.hook.text', { detail })
    default:
      return detail
  }
}
