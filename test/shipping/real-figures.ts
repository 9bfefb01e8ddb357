import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeInstallation, robotToken, type Installation } from '../commands/installation.ts'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/poll.ts'
import { startReplicated } from '../support/replicas.ts'
import { testTenantConfig } from '../support/tenant.ts'

/** What a server and a worker tell Prometheus, over a directory with a replica. */
export type RealFigures = {
  /** Names of all figures, those of histograms with their endings. */
  readonly names: ReadonlySet<string>
  /** Names of those that have a value. */
  readonly withValue: ReadonlySet<string>
  /** All of them, as text. */
  readonly server: string
  readonly worker: string
}

/** Starts a server and a worker as an operator does, lets something happen, and reads what both tell. Ends all of it. */
export async function readRealFigures(): Promise<RealFigures> {
  const directory = await startReplicated(1)
  const { primary, replicas } = directory
  const usual = testTenantConfig(primary)
  const urls = [primary.ldapsUrl, ...replicas.map(({ url }) => url)]
  const directories = usual.directories.map((one) => ({ ...one, urls, ca: join(primary.dir, 'tls/ca.pem') }))
  const [serverPort, workerPort] = [await freePort(), await freePort()]
  const site = await makeInstallation(primary, { directories, metricsPort: serverPort })
  const { keys, databaseUrl: database } = site
  const atWork = await makeInstallation(primary, { directories, keys, database, metricsPort: workerPort })
  await site.run('migrate')
  const server = await site.serve()
  const processes = [server]
  try {
    await lockSomebody(site)
    await noteBackup(site)
    // Last: it looks at the database every half minute.
    processes.push(atWork.work())
    const ofWorker = await until(() => whole(workerPort), { within: 30_000, every: 200 })
    const ofServer = await scrape(serverPort)
    const text = `${ofServer}\n${ofWorker}`
    return { names: namesIn(text), withValue: valuesIn(text), server: ofServer, worker: ofWorker }
  } finally {
    for (const each of processes) await each.end('SIGTERM')
    await directory.stop()
  }
}

async function scrape(port: number): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
}

/** What the worker tells once it has looked at everything. */
async function whole(port: number): Promise<string | false> {
  const text = await scrape(port)
  const wanted = ['servers acme/main', 'accounts acme', 'database']
  return wanted.every((look) => text.includes(`idaas_look_up{look="${look}"} 1`)) && text
}

async function lockSomebody({ issuer }: Installation): Promise<void> {
  const answer = await fetch(`${issuer}/api/v1/accounts/elefevre/lock`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await robotToken(issuer)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'a test' }),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
}

async function noteBackup(site: Installation): Promise<void> {
  const verified = join(site.folder, 'verified.json.txt')
  await writeFile(verified, (await site.run('verify', '--json')).stdout)
  const { code, stderr } = await site.run('backup-verified', verified)
  if (code !== 0) throw new Error(stderr)
}

function namesIn(text: string): Set<string> {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_count`, `${name}_sum`, `${name}_bucket`] : [name],
    ),
  )
}

function valuesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/^([a-z]\w*)(?:\{.*\})? -?\d/gm)].map(([, name = '']) => name))
}
