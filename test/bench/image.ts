import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { freePort } from '../support/free-port.ts'
import { joinSockets } from '../support/join-sockets.ts'
import { median } from '../support/median.ts'
import { until } from '../support/poll.ts'
import { startRedis } from '../support/redis.ts'
import { startSlapd } from '../support/slapd.ts'
import { readMemory } from './cpu.ts'
import { siteConfig } from './http-site.ts'
import { createVisitor } from './http-visitor.ts'
import { buildBase, buildImage, image, prepare, runTool } from './image-build.ts'
import { type RunningContainer, runContainer } from './image-container.ts'

const PEOPLE = 1_000
const ROUNDS = 3
const VISITORS = 16

type Installation = { config: string; origin: string }

/**
 * Builds deploy/Containerfile on a base of Debian and runs the chart's own containers as OpenShift would: how soon they are ready, what they take when nobody
 * comes, how they end under load. `--no-build`: the image that is there.
 */
export async function benchImage(options: string[]): Promise<void> {
  const reason = prepare()
  if (reason !== undefined) return console.log(`not run: ${reason}`)
  if (!options.includes('--no-build')) {
    await buildBase()
    await buildImage()
  }
  console.log(`${image}: ${await runTool('podman', ['images', '--format', '{{.Size}}', image])}`)
  const stops: (() => Promise<unknown>)[] = []
  try {
    const installation = await startInstallation(stops)
    await measureServer(installation)
    await measureWorker(installation)
  } finally {
    for (const stop of stops.toReversed()) await stop()
  }
}

async function measureServer({ config, origin }: Installation): Promise<void> {
  const ready: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const starting = runContainer('server', config)
    // Not /readyz, which remembers for a second that it was not.
    const isReady = async () => (await fetch(`${origin}/api/v1/people?q=martin&limit=1`)).ok
    await until(isReady, { within: 30_000 })
    const now = performance.timeOrigin + performance.now()
    const container = await starting
    ready.push(now - container.started)
    if (round < ROUNDS) await container.remove()
    else await measureLastServer(container, origin)
  }
  const [first = Number.NaN] = ready
  console.log(
    `ready after ${median(ready).toFixed(0)} ms (the first time ${first.toFixed(0)} ms); target 1000 ms`,
  )
}

async function measureLastServer(container: RunningContainer, origin: string): Promise<void> {
  try {
    await reportIdle('server', container)
    await reportEnd(container, origin)
  } finally {
    await container.remove()
  }
}

async function measureWorker({ config }: Installation): Promise<void> {
  const container = await runContainer('worker', config)
  try {
    await reportIdle('worker', container)
    console.log(`worker, SIGTERM: exit code ${await container.stop()}`)
  } finally {
    await container.remove()
  }
}

async function reportIdle(name: string, { pid }: RunningContainer): Promise<void> {
  await pause(35_000) // after which nothing has been done for long enough that memory is given back
  const { rss, pss } = readMemory(pid)
  console.log(
    `${name}, idle: ${rss.toFixed(0)} MiB resident, ${pss.toFixed(0)} MiB proportional; target 130 MiB`,
  )
}

/** Requests go on while the cluster takes the pod out of its Service, which is what the chart waits for; those that SIGTERM meets are to be answered. */
async function reportEnd(container: RunningContainer, origin: string): Promise<void> {
  const load = { isOver: false }
  const counts = { answered: 0, failed: 0 }
  const lane = async (): Promise<void> => {
    const visitor = createVisitor(origin)
    while (!load.isOver) {
      const answer = await visitor.get('/api/v1/people?q=martin&limit=10').catch(() => null)
      counts[answer?.status === 200 ? 'answered' : 'failed']++
    }
    visitor.close()
  }
  const lanes = Array.from({ length: VISITORS }, lane)
  await container.preStop()
  load.isOver = true
  const code = await container.stop()
  await Promise.all(lanes)
  console.log(
    `SIGTERM under ${VISITORS} connections: exit code ${code}, ${counts.answered} requests answered, ${counts.failed} failed`,
  )
}

/** Servers on loopback, and a folder of configuration that any user may read. */
async function startInstallation(stops: (() => Promise<unknown>)[]): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-image-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const slapd = await startSlapd({ seed: { people: PEOPLE } })
  stops.push(() => slapd.stop())
  const postgres = await startEmbeddedPostgres(join(folder, 'data'))
  stops.push(() => postgres.stop())
  const redis = await startRedis()
  stops.push(() => redis.stop())
  const database = await overTcp(postgres.url, stops)
  const config = join(folder, 'config')
  const port = await freePort()
  return await configure(config, port, siteConfig(port, slapd, { database, redis: redis.url }))
}

async function configure(config: string, port: number, text: string): Promise<Installation> {
  await mkdir(config)
  await writeFile(join(config, 'idaas.yaml'), text)
  for (const path of [join(config, '..'), config]) await chmod(path, 0o755)
  await runTool('podman', [
    'run',
    '--rm',
    '--network',
    'host',
    '--volume',
    `${config}:/etc/idaas:ro`,
    '--env',
    'IDAAS_CONFIG=/etc/idaas',
    image,
    'migrate',
  ])
  return { config, origin: `http://localhost:${port}` }
}

/** The socket of the embedded PostgreSQL is for the user who started it, who is not the container's. */
async function overTcp(url: string, stops: (() => Promise<unknown>)[]): Promise<string> {
  const socket = join(new URL(url).searchParams.get('host') ?? '', '.s.PGSQL.5432')
  const port = await freePort()
  const server = createServer((near) => joinSockets(near, connect(socket)))
  await once(server.listen(port, '127.0.0.1'), 'listening')
  stops.push(() => new Promise((resolve) => server.close(resolve)))
  return `postgresql://idaas@127.0.0.1:${port}/postgres`
}
