import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPlace, startDemo, type Demo, type DemoPlace } from '../support/demo.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = await readFile(join(root, 'docs/sync.md'), 'utf8')
const tour = /\n## A tour on the demo\n([^]*?)\n## /.exec(guide)?.[1] ?? ''

let place: DemoPlace
let demo: Demo
beforeAll(async () => {
  place = await demoPlace()
  demo = await startDemo(place)
})
afterAll(() => demo.stop())

/** Commands, and the lines that the page shows of what they print. */
const steps = [...tour.matchAll(/```sh\n([^]*?)```\n(?:[^`]*?\n)?```text\n([^]*?)```/g)].map(
  ([, commands = '', shown = '']) => ({ commands, shown: shown.trim().split('\n') }),
)

test('the tour of docs/sync.md goes as it is written', async () => {
  expect(steps.length).toBeGreaterThan(5)
  const script = steps.map(({ commands }) => `${commands}\necho "@@@"`).join('\n')
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-ec', script.replaceAll('data/hr.csv', '"$IDAAS_DATA/hr.csv"')],
    {
      cwd: root,
      env: { ...process.env, IDAAS_DATA: place.dataDir },
    },
  )
  const printed = stdout.split('@@@')
  const missing = steps.flatMap(({ shown }, index) =>
    shown
      .filter((line) => printed[index]?.includes(line) !== true)
      .map((line) => [index, line, printed[index]]),
  )
  expect(missing).toEqual([])
})
