import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { accepts } from './accepts.ts'
import { findProgram, type Program } from './programs.ts'
import { startServer } from './server-process.ts'
import { untilReady } from './until-ready.ts'

/** A real MariaDB of one's own, on a unix socket. */
export interface MariaDb {
  /** Of its database `test`, as `root` without a password. */
  readonly url: string
  run(...statements: readonly string[]): Promise<void>
  /** Dies at once. */
  kill(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

const small = [
  '--innodb-buffer-pool-size=32M',
  '--innodb-log-file-size=8M',
  '--innodb-flush-log-at-trx-commit=0',
]

/** Makes and starts one (about a second). */
export async function startMariaDb(): Promise<MariaDb> {
  const dir = await mkdtemp(join(tmpdir(), 'mariadb-'))
  const program = findProgram('mariadbd')
  const settings = [
    '--no-defaults',
    `--datadir=${join(dir, 'data')}`,
    ...messages(program),
    ...owner(),
    ...small,
  ]
  await mkdir(join(dir, 'data'))
  await makeSystemTables(program, settings)
  const socket = join(dir, 'socket')
  const args = [...settings, `--socket=${socket}`, '--skip-networking']
  const server = startServer(program, args, join(dir, 'log'))
  await untilReady('mariadbd', server, () => accepts(socket), { within: 20_000 })
  const url = `mysql://root@localhost/test?host=${encodeURIComponent(socket)}`
  return {
    url,
    async run(...statements) {
      const connection = await createConnection({ socketPath: socket, user: 'root', database: 'test' })
      try {
        for (const statement of statements) await connection.query(statement)
      } finally {
        await connection.end()
      }
    },
    kill: () => server.end('SIGKILL'),
    async stop() {
      await server.end('SIGTERM')
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** As mariadb-install-db does, which is a shell script that looks for its parts where the package puts them. */
async function makeSystemTables(program: Program, settings: readonly string[]): Promise<void> {
  const share = join(program.root, '/usr/share/mysql')
  // The tables before their data; named mariadb_ since MariaDB 11.
  const files = (await readdir(share)).filter((name) =>
    /^(mysql|mariadb)_system_tables(_data)?\.sql$/.test(name),
  )
  const tables = await Promise.all(files.toSorted().map((name) => readFile(join(share, name), 'utf8')))
  const input = ['create database mysql;', 'use mysql;', ...tables, 'create database test;'].join('\n')
  execFileSync(program.path, [...settings, '--bootstrap'], { input, env: program.env, stdio: 'pipe' })
}

function messages({ root }: Program): string[] {
  return root === '' ? [] : [`--lc-messages-dir=${join(root, 'usr/share/mysql')}`]
}

/** As root it wants to be told that this is meant. */
function owner(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : []
}
