import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { folderOf } from '../config/config-folder.ts'
import { start } from './program.ts'

const onStop = fileURLToPath(new URL('../../src/commands/on-stop.ts', import.meta.url))

/** A process that stays, and ends its parts as `body` registers them. */
async function running(body: string) {
  const path = join(await folderOf({}), 'program.mjs')
  const head = `import { onStop } from ${JSON.stringify(onStop)}\nsetInterval(() => {}, 1000)\n`
  await writeFile(path, `${head}${body}\nconsole.log('ready')\n`)
  const program = start([path])
  await program.said('ready')
  return program
}

describe('a process that is told to stop', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends its parts, the last begun first, at %s',
    async (signal) => {
      const { child, ended } = await running(`
      onStop(async () => console.log('database'))
      onStop(async () => { await new Promise((done) => setTimeout(done, 20)); console.log('server') })`)
      child.kill(signal)
      expect(await ended).toEqual({ code: 0, stdout: 'ready\nserver\ndatabase\n', stderr: '' })
    },
  )

  test('ends the others when one fails, and says so', async () => {
    const { child, ended } = await running(`
      onStop(async () => console.log('database'))
      onStop(async () => { throw new Error('stuck') })`)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({
      code: 1,
      stdout: 'ready\ndatabase\n',
      stderr: expect.stringContaining('stuck'),
    })
  })

  test('gives up at its deadline', async () => {
    const { child, ended } = await running(`onStop(() => new Promise(() => {}), { deadline: 50 })`)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 1, stderr: 'not ended within 50 ms: giving up\n' })
  })

  test('takes the same Ctrl-C from the terminal and from npm as one', async () => {
    const { child, ended, said } = await running(`
      onStop(async () => {
        console.log('signal')
        await new Promise((done) => process.once('SIGINT', done))
        console.log('ended')
      })`)
    child.kill('SIGINT')
    await said('signal')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0, stdout: 'ready\nsignal\nended\n' })
  })

  test('ends at once when a person asks again later', async () => {
    const { child, ended, said } = await running(`
      onStop(() => { setTimeout(() => console.log('still ending'), 1100); return new Promise(() => {}) })`)
    child.kill('SIGINT')
    await said('still ending')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 1, stderr: '' })
  })
})
