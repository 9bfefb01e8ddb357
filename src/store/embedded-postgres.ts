import { randomUUID } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findPostgresProgram, type PostgresProgram } from './embedded-postgres-program.ts'
import { findRunning } from './running-postgres.ts'
import { endsWithUs, unprivilegedCommand } from './unprivileged-command.ts'

export type EmbeddedPostgres = {
  /** For `connectDatabase`; a unix socket that only our user may open. */
  url: string
  pid: number
  /** Resolves when the server has ended, whoever ended it. */
  ended: Promise<void>
  /** Ends it cleanly: sessions are cut, everything committed is on disk. */
  stop(): Promise<void>
}

export class EmbeddedPostgresInUse extends Error {
  override readonly name = 'EmbeddedPostgresInUse'
  /** The process that started it, or the server itself when that one is gone. */
  readonly pid: number

  constructor(dataDir: string, pid: number) {
    super(`The data in ${dataDir} is in use by process ${pid}`)
    this.pid = pid
  }
}

/** A unix socket's path has at most 107 bytes; PostgreSQL adds this name to the folder. */
const longestSocketFolder = 107 - '/.s.PGSQL.5432'.length

/**
 * Starts PostgreSQL as a child process on the data in `dataDir` (made when missing). It listens on a unix socket only, ends when
 * we end, by SIGKILL too, and ignores Ctrl-C (it has its own process group), so that we can finish what we do first.
 * `durable: false` is for tests: faster, and a power cut loses the data. `settings` go before ours. Throws `EmbeddedPostgresInUse`.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  { durable = true, settings: own = [] }: { durable?: boolean; settings?: readonly string[] } = {},
): Promise<EmbeddedPostgres> {
  const folder = resolve(dataDir, 'postgres')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  refuseWhenRunning(dataDir)
  const program = await findPostgresProgram(join(folder, 'lib'))
  const sockets = await socketFolder(folder)
  const words = unprivilegedCommand([folder, sockets], program.postgres, program.env)
  const data = join(folder, 'data')
  if (!existsSync(data)) await initialise(words, program, folder, durable)
  refuseWhenRunning(dataDir)
  // A crash leaves its file, and in a container that number soon is another process: PostgreSQL would refuse.
  rmSync(join(data, 'postmaster.pid'), { force: true })

  const log = join(folder, 'postgres.log')
  const settings = [...serverSettings(sockets, durable), ...own].flatMap((setting) => ['-c', setting])
  const server = run(
    [...words, ...endsWithUs('INT'), program.postgres, '-D', data, ...settings],
    program.env,
    log,
  )
  const ended = exit(server)
  await untilReady(dataDir, server, log)
  return {
    url: socketUrl(sockets),
    pid: server.pid ?? 0,
    ended,
    async stop() {
      server.kill('SIGINT')
      await ended
      if (sockets !== folder) await rm(sockets, { recursive: true, force: true })
    },
  }
}

/** The URL of the server that another process runs on `dataDir`, or undefined when none does. */
export function embeddedPostgresUrl(dataDir: string): string | undefined {
  const running = findRunning(dataDir)
  return running?.ready === true ? socketUrl(running.sockets) : undefined
}

function socketUrl(folder: string): string {
  return `postgresql://idaas@localhost/postgres?host=${encodeURIComponent(folder)}`
}

async function socketFolder(folder: string): Promise<string> {
  if (Buffer.byteLength(folder) <= longestSocketFolder) return folder
  return await mkdtemp(join(tmpdir(), 'idaas-'))
}

function refuseWhenRunning(dataDir: string): void {
  const running = findRunning(dataDir)
  if (running !== undefined) throw new EmbeddedPostgresInUse(dataDir, running.owner)
}

/** Into another folder and then renamed: what is interrupted is no database, and of two that do it at once one wins. */
async function initialise(
  words: string[],
  program: PostgresProgram,
  folder: string,
  durable: boolean,
): Promise<void> {
  const unfinished = join(folder, `data-${randomUUID()}`)
  const args = ['-D', unfinished, '-U', 'idaas', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--wal-segsize=4']
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', ...(durable ? [] : ['--no-sync']))
  const log = join(folder, 'initdb.log')
  const initdb = run([...words, program.initdb, ...args], program.env, log)
  await once(initdb, 'exit')
  if (initdb.exitCode !== 0) throw new Error(`initdb failed: ${readFileSync(log, 'utf8').slice(-2000)}`)
  await rename(unfinished, join(folder, 'data')).catch(() => rm(unfinished, { recursive: true, force: true }))
}

async function exit(child: ChildProcess): Promise<void> {
  await once(child, 'exit')
}

function run(words: readonly string[], env: NodeJS.ProcessEnv, logFile: string): ChildProcess {
  const [command = '', ...args] = words
  const log = openSync(logFile, 'w')
  // Its own process group: Ctrl-C in a terminal reaches every process of ours.
  const child = spawn(command, args, { env, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  return child
}

function serverSettings(sockets: string, durable: boolean): string[] {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${sockets}`,
    'unix_socket_permissions=0700',
    'max_connections=40',
    'shared_buffers=16MB',
    'max_wal_size=64MB',
    'min_wal_size=16MB',
    'wal_level=minimal',
    'max_wal_senders=0',
    // No helper processes: they cost memory, and this serves a few people.
    'io_method=sync',
    'max_parallel_workers=0',
    'max_logical_replication_workers=0',
    'autovacuum_max_workers=1',
    'jit=off',
  ]
  // One server for all test files.
  const forTests = ['max_connections=200', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return durable ? settings : [...settings, ...forTests]
}

async function untilReady(dataDir: string, server: ChildProcess, log: string): Promise<void> {
  while (true) {
    const running = findRunning(dataDir)
    if (running?.ready === true && running.pid === server.pid) return
    if (server.exitCode !== null || server.signalCode !== null) {
      refuseWhenRunning(dataDir) // another start was faster
      throw new Error(`PostgreSQL did not start: ${readFileSync(log, 'utf8').slice(-2000)}`)
    }
    await pause(5)
  }
}
