import plugin from 'fastify-plugin'
import { setTimeout as pause } from 'node:timers/promises'

export type Check = {
  /** Rejects when the dependency does not work. */
  run: () => Promise<void>
  /** Without it nobody is served: then this replica is taken out. A directory of one tenant among several is not needed by all. */
  needed: boolean
}

export type Health = {
  status: 'ok' | 'degraded' | 'down'
  checks: Record<string, { state: 'up' | 'down'; needed: boolean }>
  /** How long each that is up took to answer. For monitoring: it is not in the answer to probes. */
  seconds: Record<string, number>
}

export type HealthOptions = { readHealth: ReadHealth }
export type ReadHealth = () => Promise<Health>

/**
 * Milliseconds that an answer is good for, so that many probes do not weigh on what is ill already. A bad one less long: a server that starts is ready as soon as all is
 * there, even when it was asked a moment too early.
 */
const freshFor = { ok: 1_000, degraded: 1_000, down: 200 } as const
/** Shorter than the probes' own patience. */
const patience = 800

/** What is read by probes and by monitoring, each as often as it likes: asked again only when the last answer is no longer fresh. */
export function createHealthReader(checks: Readonly<Record<string, Check>>, clock: () => Date): ReadHealth {
  let last: { answer: Promise<Health>; until: number } | null = null
  return () => {
    const now = clock().getTime()
    if (last === null || now >= last.until) {
      // Nobody asks a second time while the first is not answered.
      const asked = { answer: runChecks(checks), until: Infinity }
      void asked.answer.then(({ status }) => (asked.until = now + freshFor[status]))
      last = asked
    }
    return last.answer
  }
}

/** `/livez`: the process answers. `/readyz`: what it depends on, each with its state; 503 only when something is down that all need. */
export const health = plugin<HealthOptions>(async (app, { readHealth }) => {
  const config = { anyHost: true }
  app.get('/livez', { config }, async () => ({ status: 'ok' }))
  app.get('/readyz', { config }, async (_request, reply) => {
    const answer = await readHealth()
    return await reply.code(readyStatus(answer)).send(readyBody(answer))
  })
})

/** What `/readyz` answers, on whichever port. */
export function readyBody({ status, checks }: Health) {
  return { status, checks }
}

export function readyStatus({ status }: Health): 200 | 503 {
  return status === 'down' ? 503 : 200
}

/** Asks every dependency at once; one that does not answer in time is down. Why it is down is in the log of who uses it. */
async function runChecks(checks: Readonly<Record<string, Check>>): Promise<Health> {
  const states = await Promise.all(
    Object.entries(checks).map(async ([name, { run, needed }]) => {
      const began = performance.now()
      const state: 'up' | 'down' = (await answersInTime(run)) ? 'up' : 'down'
      return { name, state, needed, seconds: (performance.now() - began) / 1_000 }
    }),
  )
  const down = states.filter(({ state }) => state === 'down')
  const up = states.filter(({ state }) => state === 'up')
  return {
    status: down.some(({ needed }) => needed) ? 'down' : down.length > 0 ? 'degraded' : 'ok',
    checks: Object.fromEntries(states.map(({ name, state, needed }) => [name, { state, needed }])),
    seconds: Object.fromEntries(up.map(({ name, seconds }) => [name, seconds])),
  }
}

async function answersInTime(run: () => Promise<void>): Promise<boolean> {
  const stop = new AbortController()
  const late = pause(patience, false, { signal: stop.signal, ref: false }).catch(() => false)
  const answered = Promise.try(run).then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answered, late])
  } finally {
    stop.abort()
  }
}
