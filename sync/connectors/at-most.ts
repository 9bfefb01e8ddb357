/** Lets so many acts run at once; the others wait for their turn. */
export function atMost(size: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (act) => {
    if (running >= size) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await act()
    } finally {
      // Whoever waits takes this one's place.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
