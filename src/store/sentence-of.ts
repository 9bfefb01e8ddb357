import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { Problem } from '../problems/problem.ts'
import { isOlderDatabase } from './postgres-problem.ts'

/** An error of the database as a sentence for the operator, where what is wrong is known; others as they are. */
export function sentenceOf(error: unknown): unknown {
  const errors = [...causesOf(error)]
  if (errors.some(isOlderDatabase)) return new CannotStart(commandText('database.older'))
  const last = errors.at(-1)
  const isAway = errors.some((one) => one instanceof Problem && one.code === 'store-unavailable')
  if (!(last instanceof Error)) return error
  if (!isAway)
    return isUntold(error)
      ? new CannotStart(commandText('database.unaudited', { reason: last.message }))
      : error
  return new CannotStart(commandText('database.away', { reason: reasonOf(last) }))
}

function isUntold(error: unknown): boolean {
  return error instanceof Problem && error.code === 'audit-unavailable'
}

function* causesOf(error: unknown): Iterable<unknown> {
  yield error
  if (error instanceof Error && error.cause !== undefined) yield* causesOf(error.cause)
}

/** An attempt on several addresses has no message of its own. */
function reasonOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : error.message
}
