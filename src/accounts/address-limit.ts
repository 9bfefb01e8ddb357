import { isIPv6 } from 'node:net'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import { attemptKey, type AttemptLimit } from './attempt-limit.ts'

/**
 * Counts a try of a client address before it is made. Throws Problem `too-many-attempts`. An address may hold
 * a thousand honest people behind one NAT, so a try that was no failure is given back: what counts is
 * failures and tries under way. Windows begin by the clock, so that giving back never prolongs one.
 */
export async function countAddress(
  store: EphemeralStore,
  place: { area: string; tenant: string; address: string },
  { max, window }: AttemptLimit,
  now: Date,
): Promise<{ giveBack(): Promise<void> }> {
  const seconds = Math.floor(now.getTime() / 1000)
  const period = Math.floor(seconds / window)
  const keyOf = (what: string) =>
    attemptKey(`${place.area}-${what}`, place.tenant, `${addressBlock(place.address)} ${period}`)
  // What was given back may be read too early, which refuses too soon, never too late.
  const [{ count }, givenBack] = await Promise.all([
    store.increment(keyOf('tries'), window),
    store.get(keyOf('given-back')),
  ])
  if (count - Number(givenBack) > max) {
    throw new Problem('too-many-attempts', { retryAfter: (period + 1) * window - seconds })
  }
  return {
    async giveBack() {
      await store.increment(keyOf('given-back'), window)
    },
  }
}

/** Who can use one IPv6 address has its whole /64 (RFC 6177): it counts as one. */
export function addressBlock(address: string): string {
  const [plain = ''] = address.split('%', 1)
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped !== undefined || !isIPv6(plain)) return mapped ?? plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail ?? '')]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
