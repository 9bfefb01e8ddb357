import type { Translate } from '../../src/messages/message.ts'
import { Problem } from '../../src/problems/problem.ts'
import { faultTexts } from './error-summary.ts'
import type { FaultText } from './form.ts'

/**
 * What a form shows when its act was refused: the status, and the faults in words (at least one; of the form as a whole when no field is to
 * blame). Throws the error again when filling in the form differently does not help: not permitted, not found, something is down.
 */
export function formProblem(t: Translate, error: unknown): { status: number; faults: FaultText[] } {
  if (!(error instanceof Problem) || !atTheForm.has(error.status)) throw error
  const { code, params, status } = error
  const faults = faultTexts(t, error.faults)
  if (faults.length > 0) return { status, faults }
  const text = `${t(`problem.${code}.title`, params)}. ${t(`problem.${code}.detail`, params)}`
  return { status, faults: [{ field: '', text }] }
}

const atTheForm: ReadonlySet<number> = new Set([400, 409, 422, 429])
