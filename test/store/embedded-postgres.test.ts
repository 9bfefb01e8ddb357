import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, lstat, mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { embeddedPostgresUrl, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { findPostgresProgram, packageRoot } from '../../src/store/embedded-postgres-program.ts'
import { findRunning } from '../../src/store/running-postgres.ts'
import { until } from '../support/poll.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function ask(url: string | undefined, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

const isNoLink = async (path: string) => !(await lstat(path)).isSymbolicLink()

const start = (dataDir = folder) => startEmbeddedPostgres(dataDir, { durable: false })

describe('the embedded PostgreSQL', () => {
  test('keeps what was written when it is stopped and started again', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const second = await start()
    expect(await ask(second.url, 'select answer from kept')).toEqual([42])
    await second.stop()
  })

  test('listens on a unix socket that only its user may open, and on no port', async () => {
    const server = await start()
    expect(await ask(server.url, 'show listen_addresses')).toEqual([''])
    expect(await ask(server.url, 'show unix_socket_permissions')).toEqual(['0700'])
    await server.stop()
  })

  test('starts in a folder whose path is too long for a socket', async () => {
    const deep = join(folder, 'd'.repeat(120))
    const server = await start(deep)
    expect(await ask(embeddedPostgresUrl(deep), 'select 1')).toEqual([1])
    await server.stop()
  })

  test('refuses a second start on the same data and names the process that has it', async () => {
    const server = await start()
    await expect(start()).rejects.toMatchObject({ name: 'EmbeddedPostgresInUse', pid: process.pid })
    expect(await ask(embeddedPostgresUrl(folder), 'select 1')).toEqual([1])
    await server.stop()
    expect(embeddedPostgresUrl(folder)).toBeUndefined()
  })

  test('of two starts at once on new data one wins', async () => {
    const starts = await Promise.allSettled([start(), start()])
    const [won] = starts.filter((result) => result.status === 'fulfilled')
    const [lost] = starts.filter((result) => result.status === 'rejected')
    expect(lost?.reason).toMatchObject({ name: 'EmbeddedPostgresInUse' })
    await won?.value.stop()
  })
})

describe('the embedded PostgreSQL in bad company', () => {
  test('ends when the process that started it is killed', async () => {
    const module = new URL('../../src/store/embedded-postgres.ts', import.meta.url).href
    const script = `const { startEmbeddedPostgres } = await import('${module}')
      console.log((await startEmbeddedPostgres(process.argv[1], { durable: false })).pid)
      setInterval(() => {}, 1000)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script, folder])
    await once(createInterface(owner.stdout), 'line')
    expect(findRunning(folder)?.owner).toBe(owner.pid)
    owner.kill('SIGKILL')
    await until(() => findRunning(folder) === undefined, { within: 5000 })
    const server = await start()
    await server.stop()
  })

  test('recovers after a crash, also when its old number is another process now', async () => {
    const server = await startEmbeddedPostgres(folder)
    await ask(server.url, 'create table kept as select 42 as answer')
    process.kill(server.pid, 'SIGKILL')
    await server.ended
    const pidFile = join(folder, 'postgres/data/postmaster.pid')
    const stale = await readFile(pidFile, 'utf8')
    await writeFile(pidFile, stale.replace(/^\d+/, String(process.pid)))
    const again = await until(start, { within: 5000 }) // the orphans of the crash end within a moment
    expect(await ask(again.url, 'select answer from kept')).toEqual([42])
    await again.stop()
  })

  test('finds its libraries where the install script of its package did not run', async () => {
    const root = join(folder, 'package')
    for (const part of ['bin', 'lib', 'pg-symlinks.json']) {
      const path = join('native', part)
      await cp(join(packageRoot(), path), join(root, path), { recursive: true, filter: isNoLink })
    }
    const bare = spawnSync(join(root, 'native/bin/initdb'), ['--version'])
    expect(bare.stderr.toString()).toContain('cannot open shared object file')
    const { initdb, env } = await findPostgresProgram(join(folder, 'lib'), root)
    expect(spawnSync(initdb, ['--version'], { env }).stdout.toString()).toContain('18.')
  })

  test.runIf(process.getuid?.() === 0)('runs as nobody where root has no user namespaces', async () => {
    const bin = join(folder, 'bin')
    await mkdir(bin)
    await chmod(folder, 0o700) // and below a folder that only root enters
    for (const name of ['setpriv', 'sh', 'touch']) await symlink(`/usr/bin/${name}`, join(bin, name))
    const withNamespaces = await start(join(folder, 'data'))
    await withNamespaces.stop()
    vi.stubEnv('PATH', bin)
    const server = await start(join(folder, 'data'))
    expect(await readFile(`/proc/${server.pid}/status`, 'utf8')).toMatch(/^Uid:\t65534/m)
    expect(await ask(server.url, 'select 1')).toEqual([1])
    await server.stop()
    vi.unstubAllEnvs()
    const back = await start(join(folder, 'data'))
    await back.stop()
  })
})
