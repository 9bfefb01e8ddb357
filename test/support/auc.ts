/**
 * How often a value of `one` is above one of `other` (ties count half): 0.5 when nothing tells the two apart, 0 or 1 when each single value does
 * (Mann and Whitney's U, divided by the number of pairs).
 */
export function areaUnderCurve(one: readonly number[], other: readonly number[]): number {
  const sorted = other.toSorted((a, b) => a - b)
  const below = (value: number, orEqual: boolean) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const at = sorted[middle] ?? Infinity
      if (at < value || (orEqual && at === value)) low = middle + 1
      else high = middle
    }
    return low
  }
  const pairs = one.reduce((sum, value) => sum + (below(value, false) + below(value, true)) / 2, 0)
  return pairs / (one.length * other.length)
}

/** Standard deviation of that figure by chance alone. */
export function chanceOf(one: number, other: number): number {
  return Math.sqrt((one + other + 1) / (12 * one * other))
}
