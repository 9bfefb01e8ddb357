const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** A quantity of Kubernetes as a number: `250m` of CPU is 0.25, `1Ki` of memory 1024. Throws on anything else. */
export function parseQuantity(quantity: string | number): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(quantity)) ?? []
  const factor = unit === undefined ? undefined : factors[unit]
  if (digits === undefined || factor === undefined) throw new Error(`not a quantity: ${quantity}`)
  return Number(digits) * factor
}
