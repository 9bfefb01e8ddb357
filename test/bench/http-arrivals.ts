import { setTimeout as pause } from 'node:timers/promises'
import { codeBySignIn } from './http-flows.ts'
import { percentile, watch } from './http-load.ts'
import { loginOf } from './http-people.ts'
import { startSite } from './http-site.ts'
import { createVisitor, type Visitor } from './http-visitor.ts'

const PER_SECOND = 30
const PEOPLE = 300

/**
 * Sign-ins that arrive at a steady rate, whether or not the ones before are through, against a slapd whose passwords are hashed
 * with ARGON2 (23 ms of slapd each). Times count from the arrival.
 */
export async function measureArrivals(seconds: number): Promise<void> {
  const site = await startSite({ seed: { people: PEOPLE, argon2: true } })
  const free: Visitor[] = []
  const all: Visitor[] = []
  const signIn = async (turn: number): Promise<void> => {
    const visitor = free.pop() ?? createVisitor(site.origin)
    if (!all.includes(visitor)) all.push(visitor)
    visitor.forget()
    await codeBySignIn(visitor, loginOf(10 + (turn % (PEOPLE - 10))))
    free.push(visitor)
  }
  const arrive = async (count: number, note: (milliseconds: number) => void): Promise<void> => {
    const start = performance.now()
    const running: Promise<void>[] = []
    for (let turn = 0; turn < count; turn++) {
      const arrival = start + (turn * 1000) / PER_SECOND
      await pause(Math.max(0, arrival - performance.now()))
      running.push(signIn(turn).then(() => note(performance.now() - arrival)))
    }
    await Promise.all(running)
  }
  try {
    await arrive(2 * PER_SECOND, () => {})
    const { rate, times, slapd, foreign, perCpu } = await watch(
      site,
      async (noted) => await arrive(seconds * PER_SECOND, (time) => void noted.push(time)),
    )
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(times, share).toFixed(0))
    console.log(
      `${rate.toFixed(0)} sign-ins/s arriving, passwords in ARGON2: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms; ` +
        `cores: slapd ${slapd.toFixed(2)}, serve ${(rate / perCpu).toFixed(2)}, foreign ${foreign.toFixed(2)}`,
    )
  } finally {
    for (const visitor of all) visitor.close()
    await site.stop()
  }
}
