/**
 * The inside of the sandbox: a batch comes in as one JSON text and goes out as one. Everything in this folder runs in QuickJS, where nothing else exists:
 * no files, no network, no timers. What the host lends is handed to `install` and never reachable for scripts.
 */
import { setNow } from './date.js'
import { failureText } from './failure.js'
import { clearLeaks, sealRealm } from './isolation.js'
import { defineLibrary, defineLscLibrary } from './library.js'
import { makeLscScope } from './lsc-scope.js'
import { ownScope } from './own-scope.js'
import { Row } from './row.js'
import { toCondition, toText, toValues } from './values.js'

const converters = { values: toValues, condition: toCondition, text: toText }
/** Grows with every evaluation: what the host's watch looks at to tell one long expression from many short ones. */
const steps = new Int32Array(1)
const compiled = []
let host
let library
let scope
let results = []

/** `settings`: the dialect, every word of the code, the context DNs of the directories that scripts read. */
export function install(lent, settings) {
  host = lent
  const { dialect, words, directories } = JSON.parse(settings)
  library = dialect === 'lsc' ? defineLscLibrary(host, directories, words) : defineLibrary(host)
  scope = dialect === 'lsc' ? makeLscScope(words) : ownScope
  return steps.buffer
}

export function define(run, result) {
  compiled.push({ run, convert: converters[result], isValue: result === 'values' })
}

export function seal() {
  sealRealm(scope, library)
}

/** From the expression `skip` of the entry `from` on; the ones before are known. */
export function evaluate(text, from, skip) {
  results = []
  const batch = JSON.parse(text)
  setNow(batch.now)
  const sides = batch.columns.map((names) => new Map(names.map((name, index) => [name, index])))
  for (let index = from; index < batch.entries.length; index++) {
    evaluateEntry(batch, sides, index, index === from ? skip : -1)
    if (scope.leaks) clearLeaks()
  }
  return partial()
}

/** What there is so far: also after the host broke off. A row ends where the evaluation ended. */
export function partial() {
  return JSON.stringify(results)
}

function evaluateEntry(batch, sides, index, skip) {
  const [planned, source, destination, extra] = batch.entries[index]
  const plan = batch.plans[planned]
  const rows = [rowOf(sides, index, 0, source), rowOf(sides, index, 1, destination)]
  const seen = scope.enter(rows, extra)
  const row = []
  results.push(row)
  if (skip < 0) {
    const condition = plan.condition < 0 || evaluateOne(plan.condition, plan, seen, rows, toCondition)
    row.push(typeof condition === 'object' ? condition.length > 0 : condition)
    if (row[0] !== true) return
  } else row.push(true)
  for (let position = skip < 0 ? 0 : skip; position < plan.wanted.length; position++) {
    row.push(evaluateOne(plan.wanted[position], plan, seen, rows))
  }
}

function rowOf(sides, index, side, cells) {
  return cells === null || cells === 1 ? cells : new Row(host, index, side, sides[side], cells)
}

/** Values as an array; a failure as a text. */
function evaluateOne(index, plan, seen, rows, converter) {
  const { run, convert, isValue } = compiled[index]
  steps[0]++
  try {
    return (converter ?? convert)(scope.run(run, seen, isValue, plan.attributes?.[index]), host)
  } catch (error) {
    // Memory that ran out is the host's to deal with: it takes a new sandbox.
    if (error instanceof InternalError && error.message === 'out of memory') throw error
    return failureText(error, rows)
  }
}
