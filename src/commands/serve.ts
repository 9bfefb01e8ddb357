import { parseArgs } from 'node:util'
import { buildApp } from '../app.ts'
import { commandConfig } from './command-config.ts'
import { giveBackAtRest } from './give-back-at-rest.ts'
import { onStop } from './on-stop.ts'
import { openServices } from './open-services.ts'

/** Answers requests; a `worker` beside it does the queued jobs. Runs until it is told to stop. */
export async function serve(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { config: { type: 'string' } } })
  const config = await commandConfig(values.config)
  const opened = await openServices(config, { works: false })
  onStop(opened.close)
  const app = await buildApp(opened.services, { config, tenants: opened.tenants })
  onStop(async () => await app.close())
  void opened.startPeople()
  const { host, port } = config.server
  await app.listen({ host, port })
  giveBackAtRest()
  return 0
}
