import type { Channel } from './channel.ts'
import { LdapFailure } from './failure.ts'
import { checkHealth } from './health-check.ts'
import { Limiter } from './limiter.ts'
import type { Servers } from './servers.ts'

type Member = { readonly channel: Channel; readonly url: string; leases: number; lastUsed: number }

/** A channel for one operation. `release` exactly once; `discard` closes the connection, for one whose state is unsure. */
export type Lease = { readonly channel: Channel; release(discard?: boolean): void }

export type ChannelSetOptions = {
  /** Connections at most. */
  readonly size: number
  /** Operations at once on each. */
  readonly perChannel: number
  readonly maxWaiting: number
  readonly waitTimeout: number
  readonly servers: Servers
  readonly open: (url: string, dead: AbortSignal) => Promise<Channel>
  readonly clock: () => Date
}

/**
 * Connections that are alike, to the preferred server. They open as they are needed; those to a server that is not
 * preferred any more end with their last operation: that is the way back after a failover.
 */
export class ChannelSet {
  readonly #options: ChannelSetOptions
  readonly #limiter: Limiter
  readonly #members = new Set<Member>()
  readonly #opening = new Set<Promise<void>>()
  #refusing = false
  #closed = false

  constructor(options: ChannelSetOptions) {
    this.#options = options
    this.#limiter = new Limiter(options.size * options.perChannel, options.maxWaiting, options.waitTimeout)
  }

  get open(): number {
    return this.#members.size
  }

  get busy(): number {
    return this.#limiter.inside
  }

  get waiting(): number {
    return this.#limiter.waiting
  }

  /** At once when a connection is there and has room, else when one has. Throws `LdapFailure`. */
  lease(signal?: AbortSignal): Lease | Promise<Lease> {
    if (this.#refusing) throw closedFailure()
    if (!this.#limiter.tryEnter()) return this.#limiter.enter(signal).then(() => this.#leaseInside())
    const member = this.#best()
    return member ? this.#leaseOf(member) : this.#leaseInside()
  }

  async #leaseInside(): Promise<Lease> {
    try {
      for (;;) {
        if (this.#closed) throw closedFailure()
        const member =
          this.#best() ?? (this.#mayOpen() || this.#opening.size > 0 ? undefined : this.#best(true))
        if (member) return this.#leaseOf(member)
        await (this.#mayOpen() ? this.#openOne() : Promise.race(this.#opening))
      }
    } catch (error) {
      this.#limiter.leave()
      throw error
    }
  }

  /** The member with the most room. One more is opened beside it when all are in use, for the operations to come. */
  #best(anyServer = this.#options.servers.preferred === undefined): Member | undefined {
    const { perChannel, servers } = this.#options
    let best: Member | undefined
    for (const member of this.#members) {
      const fits = member.leases < perChannel && (anyServer || member.url === servers.preferred)
      if (fits && (!best || member.leases < best.leases)) best = member
    }
    if (best && best.leases > 0 && this.#mayOpen()) this.#openOne().catch(() => {}) // the next lease reports it
    return best
  }

  #mayOpen(): boolean {
    return this.#members.size + this.#opening.size < this.#options.size || this.#retireOne()
  }

  /** Makes room by closing an unused connection to a server that is not preferred. */
  #retireOne(): boolean {
    for (const member of this.#members) {
      if (member.leases > 0 || member.url === this.#options.servers.preferred) continue
      member.channel.unbind()
      return true
    }
    return false
  }

  #openOne(): Promise<void> {
    const opening = this.#add().finally(() => this.#opening.delete(opening))
    this.#opening.add(opening)
    return opening
  }

  async #add(): Promise<void> {
    const { servers, open, clock } = this.#options
    const { channel, url } = await servers.open(async (at, dead) => ({
      channel: await open(at, dead),
      url: at,
    }))
    if (this.#closed) return channel.unbind()
    const member: Member = { channel, url, leases: 0, lastUsed: clock().getTime() }
    this.#members.add(member)
    channel.onClose(() => this.#members.delete(member))
  }

  #leaseOf(member: Member): Lease {
    member.leases += 1
    return {
      channel: member.channel,
      release: (discard = false) => {
        member.leases -= 1
        member.lastUsed = this.#options.clock().getTime()
        if (discard || (member.leases === 0 && member.url !== this.#options.servers.preferred))
          member.channel.unbind()
        this.#limiter.leave()
      },
    }
  }

  /** Closes what nobody has used since `before`, and unused connections to servers that are not preferred. */
  retire(before: Date): void {
    for (const member of this.#members)
      if (
        member.leases === 0 &&
        (member.lastUsed < before.getTime() || member.url !== this.#options.servers.preferred)
      )
        member.channel.unbind()
  }

  /**
   * Asks each connection for a sign of life; one that gives none ends. An unused one has `timeout` ms for that, a used one as long as its operations:
   * servers keep them waiting behind those. Whether the server lives is not judged by one connection (`watchSilence`).
   */
  checkHealth(timeout: number): void {
    for (const { channel } of this.#members)
      checkHealth(channel, channel.running === 0 ? { timeout } : {}).catch((error: unknown) =>
        channel.fail(new LdapFailure('closed', 'the connection did not answer a health check', error)),
      )
  }

  /** Resolves when no operation runs. */
  drained(): Promise<void> {
    return this.#limiter.drained()
  }

  /** Takes no more operations. */
  refuse(): void {
    this.#refusing = true
  }

  close(): void {
    this.#refusing = true
    this.#closed = true
    for (const { channel } of this.#members) channel.unbind()
  }
}

function closedFailure(): LdapFailure {
  return new LdapFailure('closed', 'the pool is closed')
}
