import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until } from './poll.ts'

const support = import.meta.dirname

const passes = `test('passes', () => {})`
const fails = `test('fails', () => { throw new Error('as it should') })`

test('a run that passes ends with the count and exit code 0', async () => {
  const { code, lastLine } = await runTests({ 'a.test.ts': passes, 'b.test.ts': passes })
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '2 passed, 0 failed' })
})

test('a failure, a skipped test, a file that does not load and a hook that throws count as failed', async () => {
  const { code, lastLine } = await runTests({
    'fails.test.ts': `${passes}\n${fails}`,
    'skipped.test.ts': `test.skip('skipped', () => {})\ntest.todo('not written')`,
    'broken.test.ts': `import './missing.ts'\n${passes}`,
    'hook.test.ts': `afterAll(() => { throw new Error('late') })\n${passes}`,
  })
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '2 passed, 5 failed' })
})

test('a pattern runs a part, and one that matches nothing fails', async () => {
  const files = { 'a.test.ts': passes, 'b.test.ts': fails }
  expect(await runTests(files, 'test/a')).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' })
  expect(await runTests(files, 'nothing')).toMatchObject({ code: 1, lastLine: '0 passed, 0 failed' })
})

test.each(['the run', 'its process group'])('servers end when %s is killed', async (victim) => {
  const slapdTest = `import { startSlapd } from '${support}/slapd.ts'
    import { renameSync, writeFileSync } from 'node:fs'
    test('waits for ever', async () => {
      const { dir } = await startSlapd()
      writeFileSync('writing', dir)
      renameSync('writing', 'ready')
      await new Promise(() => {})
    }, 60_000)`
  const { folder, child } = await startTests({ 'slapd.test.ts': slapdTest })
  await until(() => existsSync(join(folder, 'ready')), { within: 15_000 })
  const slapdFolder = await readFile(join(folder, 'ready'), 'utf8')
  const pid = Number(await readFile(join(slapdFolder, 'slapd.pid'), 'utf8'))
  expect(isRunning(pid)).toBe(true)

  process.kill(victim === 'the run' ? (child.pid ?? 0) : -(child.pid ?? 0), 'SIGKILL')
  await until(() => !isRunning(pid), { within: 5000 })
})

/** Runs `npm test`'s program over test files in a folder of their own. */
async function runTests(
  files: Record<string, string>,
  ...args: string[]
): Promise<{ code: unknown; lastLine: unknown }> {
  const { child } = await startTests(files, ...args)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, lastLine: output.trimEnd().split('\n').at(-1) }
}

async function startTests(files: Record<string, string>, ...args: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'run-'))
  await mkdir(join(folder, 'test'))
  await symlink(join(support, '../../node_modules'), join(folder, 'node_modules'))
  for (const [name, code] of Object.entries(files)) {
    await writeFile(join(folder, 'test', name), `import { afterAll, test } from 'vitest'\n${code}\n`)
  }
  const child = spawn(process.execPath, [join(support, 'run.ts'), '--root', folder, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return { folder, child }
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`)
}
