import type { Translate } from '../src/messages/message.ts'
import type { Problem } from '../src/problems/problem.ts'
import { faultTexts } from './web/error-summary.ts'

export const problemType = 'application/problem+json; charset=utf-8'

export type ProblemDocument = {
  type: string
  title: string
  status: number
  detail: string
  /** The stable code, which `type` ends with. */
  code: string
  /** What to tell support; it is in the logs. */
  requestId: string
  faults?: { field: string; reason: string; text: string }[]
}

/** The problem as programs get it (RFC 9457), its texts in the language of the request. Nothing of its cause is in it. */
export function problemDocument(problem: Problem, t: Translate, requestId: string): ProblemDocument {
  const { code, status, params, faults } = problem
  const texts = faultTexts(t, faults)
  return {
    type: `urn:idaas:problem:${code}`,
    title: t(`problem.${code}.title`, params),
    status,
    detail: t(`problem.${code}.detail`, params),
    code,
    requestId,
    ...(faults.length > 0
      ? {
          faults: faults.map(({ field, reason }, index) => ({
            field,
            reason,
            text: texts[index]?.text ?? '',
          })),
        }
      : {}),
  }
}
