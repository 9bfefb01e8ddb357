import { expect, test } from 'vitest'
import { keepLooking } from '../../plugins/keep-looking.ts'
import { until } from '../support/poll.ts'

function look(answers: (() => Promise<number>)[]) {
  const stopping = new AbortController()
  const errors: unknown[] = []
  let asked = 0
  const kept = keepLooking('something', 1, async () => await (answers[asked++] ?? never)(), {
    signal: stopping.signal,
    onError: (error, name) => errors.push(`${name}: ${String(error)}`),
  })
  return { kept, errors, asked: () => asked, stop: () => stopping.abort() }
}

const never = () => new Promise<never>(() => {})
const fails = async () => {
  throw new Error('away')
}

test('what was seen last is there at once, also while the next look is under way', async () => {
  const { kept, asked, stop } = look([async () => 1, async () => 2])
  expect([kept.read(), kept.succeeded()]).toEqual([undefined, undefined])
  await until(() => asked() === 3, { within: 2_000 })
  expect([kept.read(), kept.succeeded()]).toEqual([2, true])
  stop()
})

test('after a look that failed there is nothing, and its reason was told; the next one may succeed', async () => {
  const failed = look([async () => 1, fails])
  await until(() => failed.asked() === 3, { within: 2_000 })
  expect([failed.kept.read(), failed.kept.succeeded()]).toEqual([undefined, false])
  expect(failed.errors).toEqual(['something: Error: away'])
  const mended = look([fails, async () => 0])
  await until(() => mended.asked() === 3, { within: 2_000 })
  expect([mended.kept.read(), mended.kept.succeeded()]).toEqual([0, true])
  for (const one of [failed, mended]) one.stop()
})

test('a look that fails because we stop is no error, and is the last', async () => {
  const late = Promise.withResolvers<number>()
  const { errors, asked, stop } = look([() => late.promise])
  stop()
  late.reject(new Error('closed'))
  await expect(late.promise).rejects.toThrow('closed')
  expect([asked(), errors]).toEqual([1, []])
})
