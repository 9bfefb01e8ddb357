import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { template } from './template.ts'

async function emptyCache(): Promise<string> {
  const cache = await mkdtemp(join(tmpdir(), 'cache-'))
  onTestFinished(() => rm(cache, { recursive: true }))
  return cache
}

test('a template is made once, however many ask for it at once', async () => {
  const cache = await emptyCache()
  let made = 0
  const make = async (folder: string): Promise<void> => {
    made++
    await writeFile(join(folder, 'file'), 'content')
  }
  const ask = () => template('thing', ['text'], make, cache)
  const folders = await Promise.all([ask(), ask(), ask()])
  expect(new Set(folders).size).toBe(1)
  expect(await readdir(folders[0] ?? '')).toEqual(['file'])
  expect(made).toBe(1)
})

test('a template that could not be made leaves nothing, and is made by the next who asks', async () => {
  const cache = await emptyCache()
  const failing = template('thing', ['text'], () => Promise.reject(new Error('no disk')), cache)
  await expect(failing).rejects.toThrow('no disk')
  expect(await readdir(cache)).toEqual(['thing.lock'])
  await template('thing', ['text'], () => Promise.resolve(), cache)
})

test('a template that is made of something else is another', async () => {
  const cache = await emptyCache()
  const ask = (...madeOf: string[]) => template('thing', madeOf, () => Promise.resolve(), cache)
  expect(await ask('one text')).toBe(await ask('one text'))
  expect(await ask('one text')).not.toBe(await ask('one', 'text'))
})
