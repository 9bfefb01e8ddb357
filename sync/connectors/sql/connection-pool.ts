/** Connections that are used one at a time. */
export type ConnectionPool<C> = {
  /** Does something with a connection; one that it throws with, or leaves in the middle of something, is of no use to others. */
  use<T>(act: (connection: C) => Promise<T>): Promise<T>
  take(): Promise<Taken<C>>
  close(): Promise<void>
}
export type Taken<C> = { readonly connection: C; give(isWhole: boolean): void }

/** At most `size` connections, opened when they are needed: for drivers that have no pool. */
export function connectionPool<C>(
  size: number,
  open: () => Promise<C>,
  end: (connection: C) => Promise<void>,
): ConnectionPool<C> {
  const idle: C[] = []
  const waiting: (() => void)[] = []
  let used = 0
  const take = async (): Promise<Taken<C>> => {
    if (used >= size) await new Promise<void>((resolve) => waiting.push(resolve))
    else used++
    const leave = (): void => {
      // Whoever waits takes this one's place.
      const next = waiting.shift()
      if (next) next()
      else used--
    }
    try {
      const connection = idle.pop() ?? (await open())
      return {
        connection,
        give(isWhole) {
          if (isWhole) idle.push(connection)
          else end(connection).catch(() => {})
          leave()
        },
      }
    } catch (error) {
      leave()
      throw error
    }
  }
  return {
    take,
    async use(act) {
      const { connection, give } = await take()
      let isWhole = false
      try {
        const result = await act(connection)
        isWhole = true
        return result
      } finally {
        give(isWhole)
      }
    },
    async close() {
      await Promise.allSettled(idle.splice(0).map((connection) => end(connection)))
    },
  }
}
