import { expect, test } from 'vitest'
import { start } from '../main/program.ts'

const file = new URL('../../src/commands/give-back-at-rest.ts', import.meta.url).href

/** Holds 100 MB and lets them go; says when its heap is small again, and nothing when it is not within 10 s. */
const script = `
import { giveBackAtRest } from ${JSON.stringify(file)}
globalThis.kept = Array.from({ length: 2_000_000 }, (_, index) => ({ index }))
giveBackAtRest(200)
globalThis.kept = undefined
const megabytes = () => process.memoryUsage().heapTotal / 1e6
const end = setTimeout(() => process.exit(), 10_000)
const timer = setInterval(() => {
  if (megabytes() > 30) return
  console.log('small')
  clearTimeout(end)
  clearInterval(timer)
}, 50)
`

test('a process at rest gives back what it no longer needs', async () => {
  const { stdout } = await start(['--expose-gc', '--input-type=module', '--eval', script]).ended
  expect(stdout).toBe('small\n')
})
