import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { registerHandlers } from './register-handlers.ts'
import { commandConfig } from './command-config.ts'
import { createSmtpTransport } from '../mail/smtp-transport.ts'
import { giveBackAtRest } from './give-back-at-rest.ts'
import { onStop } from './on-stop.ts'
import { openServices } from './open-services.ts'
import type { MoreWork, WorkerHealth } from './more-work.ts'

/** Does the queued jobs: mails, recoveries, synchronization. Runs until it is told to stop. */
export async function worker(
  args: string[],
  { more, serveHealth }: { more: MoreWork; serveHealth: WorkerHealth },
): Promise<number> {
  const { values } = parseArgs({ args, options: { config: { type: 'string' } } })
  const config = await commandConfig(values.config)
  const opened = await openServices(config, { works: true })
  onStop(opened.close)
  const { url, ca: caFile } = config.mail
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }
  const transport = url === undefined ? null : createSmtpTransport(url, ca)
  if (transport) onStop(() => transport.close())
  await registerHandlers(opened, transport)
  onStop(await serveHealth(opened, config.server))
  onStop(await more(opened))
  opened.log.info('working')
  giveBackAtRest()
  return 0
}
