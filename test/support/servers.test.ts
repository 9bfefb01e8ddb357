import { Redis } from 'ioredis'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { axe, openBrowser } from './chromium.ts'
import { testDatabase } from './postgres.ts'
import { startRedis, testRedis } from './redis.ts'

test('two databases of one PostgreSQL do not see each other', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()])
  const client = new Client({ connectionString: one.url })
  await client.connect()
  await client.query('CREATE TABLE only_here (id int)')
  await client.end()

  const other = new Client({ connectionString: two.url })
  await other.connect()
  await expect(other.query('SELECT * FROM only_here')).rejects.toThrow('does not exist')
  await other.end()
  await Promise.all([one.drop(), two.drop()])
})

test('the Redis of a test file starts empty', async () => {
  const redis = new Redis(await testRedis())
  expect(await redis.dbsize()).toBe(0)
  await redis.quit()
})

test('a Redis of one’s own can die and come back', async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  await server.kill()
  await server.restart()
  const redis = new Redis(server.socket)
  expect(await redis.ping()).toBe('PONG')
  await redis.quit()
})

test('Chromium opens a page and axe finds the image without text', async () => {
  const browser = await openBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.setContent('<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><img src="/x.png">')
  expect(await axe(page)).toEqual([expect.stringContaining('image-alt')])
})
