import type { Answer } from './http-visitor.ts'

/** The answer is not the right one. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer'
  readonly status: number

  constructor(what: string, { status, location, text }: Answer) {
    super(`not ${what}: ${status} ${location} ${text.slice(0, 2_000)}`)
    this.status = status
  }
}

export function requireRight(isRight: boolean, what: string, answer: Answer): void {
  if (!isRight) throw new WrongAnswer(what, answer)
}
