/** A process that used less than this share of one CPU has nothing to do but to answer probes. */
const atRest = 0.02

/**
 * Gives memory back to the system whenever there has been nothing to do for `period` milliseconds: what a start or a busy hour needed, 25 MiB and
 * more, is otherwise kept until something asks for memory. Collecting all of it stops the process for some 200 ms, so once each time, and never while people
 * wait. Does nothing where Node was started without `--expose-gc`; the image starts it so.
 */
export function giveBackAtRest(period = 10_000): void {
  const { gc } = globalThis
  if (gc === undefined) return
  let last = process.cpuUsage()
  let isGivenBack = false
  const look = (): void => {
    const { user, system } = process.cpuUsage(last)
    const isAtRest = user + system < period * 1_000 * atRest
    if (isAtRest && !isGivenBack) gc({ type: 'major', flavor: 'last-resort', execution: 'sync' })
    isGivenBack = isAtRest
    last = process.cpuUsage()
  }
  setInterval(look, period).unref()
}
