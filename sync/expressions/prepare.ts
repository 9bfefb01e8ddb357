import type { QuickJSContext } from 'quickjs-emscripten-core'
import { adaptLscCode, enginePrefix } from './adapt-lsc-code.ts'
import type { Expression, Surface } from './expressions.ts'

/** An expression as a function of the realm. Survives the realm it was checked in. */
export type Prepared = { readonly source: string; readonly result: Expression['result'] }

/** What is wrong with the code of a task; never with its data. */
export class ExpressionFaults extends Error {
  override readonly name = 'ExpressionFaults'
  readonly faults: readonly ExpressionFault[]
  constructor(faults: readonly ExpressionFault[]) {
    super(faults.map(({ place, text }) => `${place}: ${text}`).join('\n'))
    this.faults = faults
  }
}
/** `place`: of the expression, or the name of an include. */
export type ExpressionFault = { readonly place: string; readonly text: string }

/** Wraps each expression in a function, so that it is compiled once. Throws `ExpressionFaults` with all that QuickJS cannot read. */
export function prepare(
  context: QuickJSContext,
  expressions: readonly Expression[],
  dialect: Surface['dialect'],
): readonly Prepared[] {
  const faults: ExpressionFault[] = []
  const prepared = expressions.map(({ code, place, result }) => {
    const source = dialect === 'lsc' ? wrapLsc(context, code) : wrap(context, code, '"use strict";')
    if ('fault' in source) faults.push({ place, text: source.fault })
    return { source: 'text' in source ? source.text : '', result }
  })
  if (faults.length > 0) throw new ExpressionFaults(faults)
  return prepared
}

type Wrapped = { readonly text: string } | { readonly fault: string }

function wrapLsc(context: QuickJSContext, code: string): Wrapped {
  if (enginePrefix(code) === 'gr') return { fault: 'Groovy is not supported: write it in JavaScript' }
  return wrap(context, adaptLscCode(code), '')
}

/** `strict`: the directive for strict mode. Ours are strict and have what they see as parameters; LSC's are not, and see global variables. */
function wrap(context: QuickJSContext, code: string, strict: string): Wrapped {
  const parameters = strict === '' ? '' : 'source, destination, value'
  const asFunction = (inner: string): string => `(function (${parameters}) {${strict}${inner}})`
  const fault = syntaxFault(context, code, strict)
  // A block, not an object: statements begin with it.
  if (
    !/^\s*\{/.test(code) &&
    isEnclosed(context, `return [${code}\n]`, strict) &&
    isEnclosed(context, `return (${code}\n)`, strict)
  ) {
    return { text: asFunction(`return (${code}\n)`) }
  }
  // Only a function may hold a `return` outside of any other.
  if (fault !== null) return isEnclosed(context, code, strict) ? { text: asFunction(`${code}\n`) } : { fault }
  // A program: its value is the one of the statement that ran last.
  return { text: asFunction(`return eval(${JSON.stringify(code)})`) }
}

/** Whether it is the body of a function, and stays inside whatever is around it. */
function isEnclosed(context: QuickJSContext, body: string, strict: string): boolean {
  const parts = [`(function () {${strict}${body}\n})`, `[function () {${strict}${body}\n}]`]
  return parts.every((part) => syntaxFault(context, part, '') === null)
}

function syntaxFault(context: QuickJSContext, code: string, strict: string): string | null {
  const compiled = context.evalCode(strict + code, 'expression', { compileOnly: true })
  if (!compiled.error) {
    compiled.value.dispose()
    return null
  }
  const error: unknown = context.dump(compiled.error)
  compiled.error.dispose()
  return describe(error)
}

function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const message = 'message' in error ? String(error.message) : ''
  const line =
    'lineNumber' in error && typeof error.lineNumber === 'number' ? ` (line ${error.lineNumber})` : ''
  return `${message}${line}`
}
