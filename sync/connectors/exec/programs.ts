import type { ExecConnection } from '../../../src/config/sync-connection-schema.ts'
import { type IncompleteReason, IncompleteSource } from '../connector.ts'
import { atMost } from '../at-most.ts'
import { type End, type Program, type Running, runProgram, startProgram } from './program.ts'

/** The programs of a connection. */
export type Programs = {
  list(signal?: AbortSignal): Running
  /** `argument` is added to those of the command. Waits for its turn. */
  run(
    command: readonly string[],
    argument: string,
    input: string,
    signal?: AbortSignal,
  ): ReturnType<typeof runProgram>
}

export function programsOf({ list, environment, timeout, parallel }: ExecConnection): Programs {
  const inTurn = atMost(parallel)
  const program = (command: readonly string[], input: string): Program => ({
    command,
    environment,
    input,
    timeout: timeout * 1_000,
  })
  return {
    list: (signal) => startProgram(program(list, ''), signal),
    run: (command, argument, input, signal) =>
      inTurn(() => runProgram(program([...command, argument], input), signal)),
  }
}

/** Throws IncompleteSource for a program that did not end as it should. */
export function checkEnd(name: string, end: End): void {
  if (end.how === 'exited' && end.status === 0) return
  const reason = end.how === 'exited' ? LDAP_REASONS[end.status] : undefined
  throw new IncompleteSource(reason ?? REASONS[end.how], `${name} ${endText(end)}`)
}

/** A script around ldapsearch ends with the result code of the search. */
const LDAP_REASONS: Readonly<Record<number, IncompleteReason>> = {
  3: 'time-limit',
  4: 'size-limit',
  10: 'referral',
}
const REASONS = {
  exited: 'refused',
  killed: 'lost',
  'too-slow': 'time-limit',
  stopped: 'lost',
  'not-started': 'unreachable',
} as const

/** `ended with 3: no such database` */
export function endText({ how, status, said }: End): string {
  const text = {
    exited: `ended with ${status}`,
    killed: 'was killed',
    'too-slow': 'took too long',
    stopped: 'was stopped',
    'not-started': 'cannot be started',
  }[how]
  return said === '' ? text : `${text}: ${said}`
}
