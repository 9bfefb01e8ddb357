import { parseArgs } from 'node:util'
import { buildApp } from '../app.ts'
import { banner } from '../demo/banner.ts'
import { demoConfig, demoServiceAccount } from '../demo/demo-config.ts'
import { demoKeys, demoSettings, notePorts } from '../demo/demo-data.ts'
import { placeHrFile } from '../demo/demo-sync.ts'
import { demoPhotos } from '../demo/draw-photo.ts'
import { listenOnLoopback6, requireFreePort } from '../demo/listen-on-loopback.ts'
import { FolderInUse } from '../directory/embedded/folder-lock.ts'
import { serveEmbeddedDirectory } from '../directory/embedded/serve-embedded-directory.ts'
import { installJobs } from '../jobs/install-jobs.ts'
import { createCatchingTransport } from '../mail/caught-mail.ts'
import { EmbeddedPostgresInUse, startEmbeddedPostgres } from '../store/embedded-postgres.ts'
import { commandText } from '../messages/command-text.ts'
import { migrate } from '../store/migrate.ts'
import type { MoreWork } from './more-work.ts'
import { onStop } from './on-stop.ts'
import { openServices } from './open-services.ts'
import { registerHandlers } from './register-handlers.ts'
import { codeOf, stackOf } from '../problems/thrown.ts'

/** Runs everything in one process on embedded stores, for a look at the product. What goes wrong is said with the setting that mends it. */
export async function demo(args: string[], more: MoreWork): Promise<number> {
  parseArgs({ args, options: {} })
  const settings = demoSettings(process.env)
  try {
    await start(settings, more)
    return 0
  } catch (error) {
    const text = explain(error, settings)
    if (text === null) throw error
    process.stderr.write(`${text}\n`)
    // What did start must not keep the process alive.
    process.exit(1)
  }
}

async function start(
  { dataDir, port, ldapPort }: ReturnType<typeof demoSettings>,
  more: MoreWork,
): Promise<void> {
  const keys = await demoKeys(dataDir)
  await placeHrFile(dataDir)
  const ldif = new URL('../demo/acme.ldif', import.meta.url).pathname
  const directory = await serveEmbeddedDirectory({
    ldif,
    dataDir: `${dataDir}/directory`,
    port: ldapPort,
    writers: [demoServiceAccount],
    drawn: demoPhotos(),
    log: (error) => process.stderr.write(`the directory: ${stackOf(error)}\n`),
  })
  onStop(() => directory.close())
  // Said now, not after the seconds that the rest takes.
  await requireFreePort(port)
  const postgres = await startEmbeddedPostgres(dataDir)
  onStop(() => postgres.stop())
  await migrate(postgres.url)
  await installJobs(postgres.url)
  const config = demoConfig({ port, ldapPort, dataDir, database: postgres.url, keys })
  const opened = await openServices(config, { works: true, catchesMail: true })
  onStop(opened.close)
  const { database, sealer } = opened.services
  await registerHandlers(
    opened,
    createCatchingTransport(database, sealer, () => new Date()),
  )
  onStop(await more(opened))
  const app = await buildApp(opened.services, { config, tenants: opened.tenants, demo: true })
  onStop(async () => await app.close())
  await opened.startPeople()
  await app.listen({ host: '127.0.0.1', port })
  onStop(await listenOnLoopback6(app.server, port))
  await notePorts({ dataDir, port, ldapPort })
  process.stdout.write(banner(`http://localhost:${port}`, ldapPort, dataDir))
}

function explain(
  error: unknown,
  { dataDir, port, ldapPort }: ReturnType<typeof demoSettings>,
): string | null {
  if (error instanceof FolderInUse || error instanceof EmbeddedPostgresInUse) {
    return commandText('demo.inUse', { folder: dataDir, pid: error.pid })
  }
  if (error instanceof Error && codeOf(error) === 'EADDRINUSE' && 'port' in error) {
    return error.port === ldapPort
      ? commandText('demo.portTaken', { port: ldapPort, setting: 'IDAAS_LDAP_PORT=1390' })
      : commandText('demo.portTaken', { port, setting: 'PORT=8090' })
  }
  return null
}
