import { until } from './poll.ts'
import type { ServerProcess } from './server-process.ts'

/** Waits until a server that was started is ready; throws with its log as soon as it has ended, and after `within` ms. */
export async function untilReady(
  name: string,
  server: ServerProcess,
  isReady: () => Promise<boolean>,
  pace: { within: number; every?: number },
): Promise<void> {
  const state = await until(async () => server.ended() ?? ((await isReady()) && 'ready'), pace)
  if (state !== 'ready') throw new Error(`${name} ended (${state}): ${server.log()}`)
}
