import type { Value } from '../record.ts'
import { adaptLscCode } from './adapt-lsc-code.ts'
import { decodeResults } from './decode-results.ts'
import { makeBatchEncoder } from './encode-batch.ts'
import type { Evaluation, EvaluationResult, Expression, Expressions, Surface } from './expressions.ts'
import type { Host } from './host.ts'
import { answerReads } from './answer-reads.ts'
import { plainTemplates } from './plain-template.ts'
import { prepare } from './prepare.ts'
import { openContext } from './open-context.ts'
import type { Program } from './realm.ts'
import { type BatchRunner, makeBatchRunner, type Row } from './run-batch.ts'
import { makeScriptCrypto } from './script-crypto.ts'

const defaultLimits = { milliseconds: 500, bytes: 64 * 1024 * 1024 }

/**
 * Compiles the expressions of a task. They are JavaScript (strict) in a sandbox without files, network or timers: either one expression, or statements of which
 * the last gives the value, or statements with a `return`. What they see:
 *
 *     source.sn                 the first value as text, '' when there is none; names in any case
 *     source.all.mail           all values, as an array; bytes are Uint8Arrays
 *     source.dn                 the name of the record: the DN of an entry
 *     'mail' in source          whether it has values
 *     destination               the same of the destination's record; without values and with the dn '' when there is none yet
 *     value                     of a pivot that is transformed
 *     new Date()                the moment of the batch
 *     dn`uid=${source.uid},ou=people,dc=example`, escapeRdn(value), randomPassword(length)
 *     AD, DateUtils, FrenchFilters, SecurityUtils, StringUtils    as in LSC
 *
 * Null, undefined and '' are no value; each element of an array is one; numbers and booleans become text, dates generalized time, bytes stay bytes.
 * Nothing of one entry is seen by another. `dialect: 'lsc'` has the names of LSC's scripts instead, see `realm/lsc.js`.
 *
 * Throws `ExpressionFaults` with every expression that cannot be read, and what an include throws.
 */
export async function compileExpressions(
  expressions: readonly Expression[],
  surface: Surface,
  clock: () => Date = () => new Date(),
): Promise<Expressions> {
  const program = await makeProgram(expressions, surface)
  let batch: readonly Evaluation[] = []
  let kept: Uint8Array[] = []
  const encoder = makeBatchEncoder(sidesSeen(program.words))
  const reads = surface.reads && answerReads(surface.reads)
  const crypto = await makeScriptCrypto(surface.lscKey)
  const host: Host = {
    ...crypto,
    ask(entry, side, attribute) {
      encoder.asked(side, attribute)
      const values = recordOf(batch[entry], side)?.values(attribute) ?? []
      return JSON.stringify(values.map((value) => (typeof value === 'string' ? value : null)))
    },
    bytes: (entry, side, attribute, index) => toBytes(recordOf(batch[entry], side)?.values(attribute)[index]),
    names: (entry, side) => JSON.stringify(recordOf(batch[entry], side)?.names() ?? []),
    keep: (bytes) => kept.push(bytes) - 1,
    read: reads?.answer ?? null,
  }
  const plain = plainTemplates(expressions, surface)
  const open = (): Promise<BatchRunner> => makeBatchRunner(program, host)
  // Includes run, and may throw, now; a sandbox that has none of them opens when it is needed, which may be never.
  let runner = surface.includes.length > 0 ? await open() : null
  const finish = (rows: readonly Row[]): readonly EvaluationResult[] => decodeResults(rows, kept)
  const run = (opened: BatchRunner): ReturnType<Expressions['evaluate']> => {
    const rows = opened.run(encoder.encode(batch, clock()))
    return rows instanceof Promise ? rows.then(finish) : finish(rows)
  }
  return {
    evaluate(evaluations) {
      const known = plain(evaluations)
      if (known !== null) return known
      batch = evaluations
      kept = []
      reads?.forget()
      return runner === null ? open().then((opened) => run((runner = opened))) : run(runner)
    },
    close: () => Promise.resolve(),
  }
}

async function makeProgram(
  expressions: readonly Expression[],
  surface: Surface,
): Promise<Program & { readonly words: ReadonlySet<string> }> {
  const limits = surface.limits ?? defaultLimits
  const { dialect = 'own', reads } = surface
  const code = [...expressions, ...surface.includes].map((part) => part.code).join('\n')
  const words = new Set(code.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu))
  const directories = { source: reads?.source?.contextDn, destination: reads?.destination?.contextDn }
  const adapt = dialect === 'lsc' ? adaptLscCode : (text: string): string => text
  return {
    includes: surface.includes.map(({ name, code: text }) => ({ name, code: adapt(text) })),
    expressions: prepare(await openContext(limits), expressions, surface.dialect),
    settings: JSON.stringify({ dialect, words: [...words], directories }),
    words,
    limits,
  }
}

/** Whether the source and the destination are looked at. Whoever builds names at run time (`globalThis['srcBean']`) mentions none of these. */
function sidesSeen(words: ReadonlySet<string>): [boolean, boolean] {
  const mentions = (pattern: RegExp): boolean => [...words].some((word) => pattern.test(word))
  return [mentions(/^(source|src)/), mentions(/^(destination|dst)/)]
}

function recordOf(evaluation: Evaluation | undefined, side: number): Evaluation['scope']['source'] {
  return (side === 0 ? evaluation?.scope.source : evaluation?.scope.destination) ?? null
}

function toBytes(value: Value | undefined): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : (value ?? new Uint8Array())
}
