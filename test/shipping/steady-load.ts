import { Agent, request as ask } from 'node:http'
import { text } from 'node:stream/consumers'

export type Call = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly expects: number
}

export type Load = {
  sent(): number
  /** What was not as expected, each with the call. */
  readonly failures: readonly string[]
  /** Resolves when every connection is at rest. */
  end(): Promise<void>
}

/** Sends calls on so many kept connections, each one after the other, until it is ended. `next`: the call of a connection, by the number of those it has sent. */
export function startLoad(
  port: number,
  connections: number,
  next: (connection: number, count: number) => Call,
): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const failures: string[] = []
  let sent = 0
  const over = new AbortController()

  async function run(connection: number): Promise<void> {
    for (let count = 0; !over.signal.aborted; count++) {
      const call = next(connection, count)
      const fault = await send(agent, port, call)
      sent += 1
      if (fault !== null) failures.push(`${call.method} ${call.path}: ${fault}`)
    }
  }

  const running = Promise.all(Array.from({ length: connections }, (_, index) => run(index)))
  return {
    sent: () => sent,
    failures,
    async end() {
      over.abort()
      await running
      agent.destroy()
    },
  }
}

function send(
  agent: Agent,
  port: number,
  { method, path, headers, body, expects }: Call,
): Promise<string | null> {
  return new Promise((resolve) => {
    const sent = ask({ host: '127.0.0.1', port, agent, method, path, headers, timeout: 10_000 }, (answer) => {
      text(answer).then(
        (said) =>
          resolve(
            answer.statusCode === expects
              ? null
              : `${answer.statusCode} ${JSON.stringify(answer.headers['x-fault'] ?? '')} ${said.slice(0, 200)}`,
          ),
        (error: unknown) => resolve(String(error)),
      )
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')))
    sent.on('error', (error) => resolve(error.message))
    sent.end(body)
  })
}
