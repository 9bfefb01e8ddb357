/** The `code` of what was thrown, as Node and the libraries name their errors (`ENOENT`, `FST_CSRF_MISSING_SECRET`); `''` for none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

/**
 * The stack of what was thrown, for the log of an operator, and no more: other properties of an error hold what it was
 * about, a database's URL for one.
 */
export function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
