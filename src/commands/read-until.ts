import { z } from 'zod'
import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'

const instant = z.iso.datetime({ offset: true })
const example = '2026-11-25T22:00:00+01:00'
const MINUTE = 60_000

/**
 * When something ends, as operators write it: `2h`, `90m`, or `2026-11-25T22:00:00+01:00`. Without its zone a time would be read in that of the machine, which
 * is UTC in a container. Throws CannotStart.
 */
export function readUntil(text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,4})([mh])$/.exec(text) ?? []
  const until =
    count === undefined
      ? new Date(instant.safeParse(text).data ?? Number.NaN)
      : new Date(now.getTime() + Number(count) * MINUTE * (unit === 'h' ? 60 : 1))
  if (Number.isNaN(until.getTime()))
    throw new CannotStart(commandText('command.until.form', { text, example }))
  if (until <= now) throw new CannotStart(commandText('command.until.past', { text }))
  return until
}
