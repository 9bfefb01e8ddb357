import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { codeOf } from '../../src/problems/thrown.ts'

/**
 * Copies the data of a running PostgreSQL, as the operators of PostgreSQL do ("Making a Base Backup Using the Low Level API"): what is written meanwhile is put right from the
 * log of writes when the copy is started. `dataDir` and `into` are folders for `startEmbeddedPostgres`. What was committed when
 * `onCopied` is called is in the copy.
 */
export async function baseBackup(
  url: string,
  dataDir: string,
  into: string,
  onCopied: () => void,
): Promise<void> {
  const [from, to] = [dataDir, into].map((folder) => join(folder, 'postgres/data'))
  if (from === undefined || to === undefined) throw new Error('unreachable')
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`select pg_backup_start('test', fast => true)`)
    await copyTree(from, to, (path) => path === 'postmaster.pid' || path.startsWith('pg_wal/'))
    onCopied()
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    )
    await writeFile(join(to, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 })
    // Only now: it must hold everything up to the end of the copying.
    await copyTree(join(from, 'pg_wal'), join(to, 'pg_wal'), () => false)
  } finally {
    await client.end()
  }
}

/** Files come and go under a server that works: what is gone by then is in the log of writes. */
async function copyTree(from: string, to: string, isLeftOut: (path: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(from.length + 1)
    if (isLeftOut(path)) continue
    if (entry.isDirectory()) await mkdir(join(to, path), { recursive: true, mode: 0o700 })
    else
      await cp(join(from, path), join(to, path)).catch((error: unknown) => ignoreGone(error, join(to, path)))
  }
}

async function ignoreGone(error: unknown, copy: string): Promise<void> {
  if (codeOf(error) !== 'ENOENT') throw error
  await rm(copy, { force: true })
}
