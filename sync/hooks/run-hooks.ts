import type { SyncJournal } from '../../src/store/sync-journal.ts'
import { atMost } from '../connectors/at-most.ts'
import { runProgram } from '../connectors/exec/program.ts'
import { endText } from '../connectors/exec/programs.ts'
import type { Change } from '../plan/change.ts'
import type { Hook } from '../task/task.ts'
import { hookInput } from './hook-input.ts'

const PARALLEL = 4
const TIMEOUT = 60_000

/**
 * Runs the programs that a task wants to have run after operations: `COMMAND DN create|update|rename|delete`, the change on stdin. They change nothing of the run; one
 * that fails, or takes more than a minute, is told among its findings. Undefined: there are none.
 */
export function hookRunner(
  hooks: readonly Hook[],
  { journal, run, signal }: { journal: SyncJournal; run: string; signal: AbortSignal },
): ((change: Change) => Promise<void>) | undefined {
  if (hooks.length === 0) return undefined
  const inTurn = atMost(PARALLEL)
  return async (change) => {
    for (const { after, command, format } of hooks) {
      if (after !== change.kind) continue
      const program = {
        command: [command, change.name, after],
        environment: {},
        input: hookInput(format, change),
        timeout: TIMEOUT,
      }
      const end = await inTurn(() => runProgram(program, signal))
      if (end.how === 'exited' && end.status === 0) continue
      const detail = { detail: `${command} ${endText(end)}` }
      await journal.addFindings(run, [{ kind: 'hook', subject: change.name, detail }])
    }
  }
}
