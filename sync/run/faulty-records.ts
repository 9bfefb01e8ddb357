import type { RecordFault } from '../connectors/connector.ts'
import type { Expressions } from '../expressions/expressions.ts'
import type { DestinationIndex } from '../match/destination-index.ts'
import type { Finding } from '../plan/change.ts'
import { pivotValues } from '../plan/plan-batch.ts'
import type { PlanContext } from '../plan/plan-context.ts'
import type { SyncRecord } from '../record.ts'

/** Records that a side could not give whole: they are told, and not taken for gone. */
export type FaultyRecords = {
  readonly note: (fault: RecordFault) => void
  /** There is one of which nobody knows who it is; that was told already. */
  noteUnknown(): void
  /** What is to be told of those that came since the last time. */
  findings(): Finding[]
  /** Marks them as present. False: of some nobody knows who they are, so that nobody may be taken for gone. */
  markPresent(context: PlanContext, expressions: Expressions, index: DestinationIndex): Promise<boolean>
}

export function faultyRecords(): FaultyRecords {
  const known: SyncRecord[] = []
  let findings: Finding[] = []
  let areAllKnown = true
  return {
    note({ place, column, text, record }) {
      findings.push({ kind: 'unusable', subject: place, column: column ?? null, detail: text })
      if (record === undefined) areAllKnown = false
      else known.push(record)
    },
    noteUnknown() {
      areAllKnown = false
    },
    findings() {
      const told = findings
      findings = []
      return told
    },
    async markPresent(context, expressions, index) {
      for (const { values, failed } of await pivotValues(known.splice(0), context, expressions)) {
        if (failed !== null || values.every((texts) => texts.length === 0)) areAllKnown = false
        index.mark(values)
      }
      return areAllKnown
    },
  }
}

/** Why a run removed nobody. */
export function nobodyIsGone(task: string): Finding {
  const detail = 'nothing was removed: of some records nobody knows whose they are'
  return { kind: 'unusable', subject: task, column: null, detail }
}
