import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { checkHealth } from './health-check.ts'
import type { Channel } from './channel.ts'
import type { Servers } from './servers.ts'

/** Milliseconds. Together below a second when another server answers, which is what one that died without a word may cost, below two when none does. */
const EVERY = 150
const SILENCE = 250
const PATIENCE = 400
const LAST_PATIENCE = 1_200

/**
 * Finds servers that died without a word: the host is gone, the network drops packets, the process is stopped. When somebody has waited for a
 * server that said nothing at all, every server is asked for its root DSE, over a new connection (`connect`) and those on which nothing runs.
 * Those that stay silent are dropped. A server that is only slow answers that, or somebody else meanwhile. While none answers, they
 * get more time: there is nowhere to go. Gives the function that ends the watch.
 */
export function watchSilence(servers: Servers, connect: (url: string) => Promise<Channel>): () => void {
  let asking = false
  const timer = setInterval(() => {
    const now = performance.now()
    const isSilent = servers.up.some(
      (server) => server.waitedFor(now) > SILENCE && server.heard < now - SILENCE,
    )
    if (asking || !isSilent) return
    asking = true
    void judge(servers, connect).finally(() => (asking = false))
  }, EVERY)
  return () => clearInterval(timer)
}

async function judge(servers: Servers, connect: (url: string) => Promise<Channel>): Promise<void> {
  const began = performance.now()
  const asked = servers.up
  for (const { url, idle } of asked) {
    for (const channel of idle) void ask(channel)
    connect(url).then(
      (channel) => ask(channel).finally(() => channel.unbind()),
      () => {},
    )
  }
  await pause(PATIENCE)
  if (asked.every(({ heard }) => heard < began)) await pause(LAST_PATIENCE - PATIENCE)
  for (const server of asked) if (server.up && server.heard < began) servers.drop(server)
}

/** What it answers does not matter: it is heard. */
async function ask(channel: Channel): Promise<void> {
  await checkHealth(channel, { timeout: LAST_PATIENCE }).catch(() => {})
}

/** If this process itself was busy, answers wait to be read: one turn of the event loop does that before anybody is judged. */
async function pause(milliseconds: number): Promise<void> {
  await wait(milliseconds, undefined, { ref: false })
  await turn()
}
