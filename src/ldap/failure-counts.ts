import { LdapFailure } from './failure.ts'
import { LdapError } from './result.ts'

/** Result codes that are answers, not errors: compareFalse, compareTrue. */
const ANSWERS = new Set([0, 5, 6])

/** How often operations failed, by result code (`49`) or kind of failure (`closed`). */
export class FailureCounts {
  readonly #counts: Record<string, number> = {}

  get counts(): Record<string, number> {
    return { ...this.#counts }
  }

  code(code: number): void {
    if (!ANSWERS.has(code)) this.#add(String(code))
  }

  error(error: unknown): void {
    if (error instanceof LdapFailure && error.kind === 'aborted') return // the caller's own wish
    if (error instanceof LdapError) this.code(error.code)
    else this.#add(error instanceof LdapFailure ? error.kind : 'other')
  }

  #add(key: string): void {
    this.#counts[key] = (this.#counts[key] ?? 0) + 1
  }
}
