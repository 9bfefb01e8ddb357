import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { noteBackupVerified } from '../store/backup-verified.ts'
import { commandConfigOrDemo } from './command-config.ts'
import { openStores } from './open-stores.ts'
import { verificationSchema } from './verify-installation.ts'

const exitCodes = { noted: 0, usage: 64 } as const

/** What `idaas verify --json` says of a copy in which nothing is wrong. */
const soundSchema = verificationSchema.extend({ ok: z.literal(true) })

/**
 * Notes here that a copy, restored elsewhere, was found whole just now: what is written into the copy says nothing to anybody. Takes what `idaas verify --json`
 * said of the copy, so that a verification that found a fault, or never ran, cannot be noted.
 */
export async function backupVerified(args: string[]): Promise<number> {
  const options = { config: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) {
    process.stderr.write(`${commandText('command.backup-verified.ask')}\n`)
    return exitCodes.usage
  }
  await requireSound(path)
  const stores = openStores(await commandConfigOrDemo(values.config))
  try {
    const now = new Date()
    await noteBackupVerified(stores.database, now)
    process.stdout.write(`${commandText('command.backup-verified.noted', { time: now.toISOString() })}\n`)
    return exitCodes.noted
  } finally {
    await stores.close()
  }
}

async function requireSound(path: string): Promise<void> {
  try {
    // Not /dev/stdin, which cannot be opened where it is a socket.
    const said = path === '-' ? await text(process.stdin) : await readFile(path, 'utf8')
    soundSchema.parse(JSON.parse(said))
  } catch (cause) {
    throw new CannotStart(commandText('command.backup-verified.unsound', { path }), { cause })
  }
}
