import { nearestName } from '../../src/config/nearest-name.ts'
import type { SyncRecord } from '../record.ts'
import { expressionsOf } from '../task/compile-task.ts'
import type { Dataset, Task } from '../task/task.ts'
import type { LintFinding } from './lint-finding.ts'

/** What records of the source, with all their attributes, show about a task. */
export function lintSource(task: Task, sample: readonly SyncRecord[]): LintFinding[] {
  if (sample.length === 0) return [{ code: 'source-empty', params: {} }]
  const seen = new Set(sample.flatMap((record) => record.names()))
  return [
    ...[...namesAsked(task)].flatMap((name) => lintName(name, seen, sample.length)),
    ...datasetsThatSplit(task, seen).flatMap((dataset) => lintDelimiter(dataset, sample)),
  ]
}

/** Lower-cased attributes of the source that a task names. */
function namesAsked(task: Task): Set<string> {
  const inRules = task.datasets
    .filter(isCopied)
    .flatMap(({ from }) => ('attribute' in from ? [from.attribute] : []))
  const inScripts = expressionsOf(task).list.flatMap(({ code }) =>
    [...code.matchAll(namesInScripts)].map(([, name = '']) => name),
  )
  const names = [...task.pivots.map(({ source }) => source), ...inRules, ...inScripts]
  return new Set(names.map((name) => name.toLowerCase()))
}

/** An attribute that gets its values by a rule need not be in the source. */
function isCopied({ attribute, from, force, create, default: fallback }: Dataset): boolean {
  const isNamed = 'attribute' in from && from.attribute.toLowerCase() !== attribute.toLowerCase()
  return isNamed || (force === null && create === null && fallback === null)
}

// source.sn, source.all.mail, source['employee-number']; not source.dn, which is no attribute.
const namesInScripts =
  /\bsource\s*(?:\.\s*all\s*)?(?:\.\s*(?!all\b|dn\b|id\b)([A-Za-z]\w*)|\[\s*['"]([A-Za-z][\w;-]*)['"]\s*\])/g

function lintName(attribute: string, seen: ReadonlySet<string>, count: number): LintFinding[] {
  if (attribute === '' || seen.has(attribute)) return []
  const near = nearestName(attribute, [...seen]) ?? 'none'
  return [{ code: 'attribute-unseen', params: { attribute, near, count } }]
}

type Splitting = Pick<Dataset, 'attribute' | 'delimiter'> & { readonly source: string }

function datasetsThatSplit(task: Task, seen: ReadonlySet<string>): Splitting[] {
  const written = task.datasets.flatMap(({ attribute, delimiter, from }) =>
    'attribute' in from ? [{ attribute, delimiter, source: from.attribute.toLowerCase() }] : [],
  )
  const known = new Set(task.datasets.map(({ attribute }) => attribute.toLowerCase()))
  const { delimiter } = task.otherwise
  const copied = task.everyAttribute ? [...seen].filter((name) => !known.has(name)) : []
  const all = [...written, ...copied.map((name) => ({ attribute: name, delimiter, source: name }))]
  return all.filter((one) => one.delimiter !== '')
}

function lintDelimiter(
  { attribute, delimiter, source }: Splitting,
  sample: readonly SyncRecord[],
): LintFinding[] {
  const splits = sample.filter((record) =>
    record
      .values(source)
      .some((value) => Array.from(delimiter).some((character) => value.includes(character))),
  )
  const [example] = splits
  return example === undefined
    ? []
    : [
        {
          code: 'delimiter-splits',
          params: { attribute, delimiter, count: splits.length, subject: example.name },
        },
      ]
}
