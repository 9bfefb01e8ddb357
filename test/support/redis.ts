import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { accepts } from './accepts.ts'
import { freePort } from './free-port.ts'
import { until } from './poll.ts'
import { findProgram } from './programs.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { untilReady } from './until-ready.ts'

/** A real Redis of one's own. */
export interface RedisServer {
  readonly url: string
  readonly socket: string
  /** It stops answering, connections stay open. */
  pause(): Promise<void>
  resume(): void
  /** It dies at once and forgets everything; waits for that. */
  kill(): Promise<void>
  /** Starts again on the same port, empty. */
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

/**
 * URL of the run's Redis, with a database number that no other test file uses meanwhile, emptied. For tests that end or
 * pause the server: {@link startRedis}.
 */
export async function testRedis(): Promise<string> {
  const url = `${inject('redisUrl') ?? (await startRedis()).url}/${process.env['VITEST_POOL_ID'] ?? '0'}`
  const redis = new Redis(url)
  await redis.flushdb()
  await redis.quit()
  return url
}

/** Starts a Redis (about 15 ms) that keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'redis-'))
  let { server, port } = await startOnFreePort(dir)
  const end = (signal: NodeJS.Signals): Promise<void> => {
    server.signal('SIGCONT') // a stopped process would not take the signal
    return server.end(signal)
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    socket: join(dir, 'redis.sock'),
    pause: () => server.pause(),
    resume: () => server.signal('SIGCONT'),
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM')
      server = await until(() => startOn(dir, port), { within: 5000 })
    },
    async stop() {
      await end('SIGTERM')
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function startOnFreePort(dir: string): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { server: await startOn(dir, port), port }
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

async function startOn(dir: string, port: number): Promise<ServerProcess> {
  const socket = join(dir, 'redis.sock')
  await rm(socket, { force: true })
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    unixsocket: socket,
    dir,
    save: '',
    appendonly: 'no',
    databases: '64',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const server = startServer(findProgram('redis-server'), args, join(dir, 'redis.log'))
  await untilReady('redis-server', server, () => accepts(socket), { within: 10_000 })
  return server
}
