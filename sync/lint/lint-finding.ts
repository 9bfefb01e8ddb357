/** What `sync check` can find, and how bad it is. Each has the texts `sync.lint.<code>.says` and `sync.lint.<code>.why`. */
export const lintSeverities = {
  'attribute-unknown': 'error',
  'attribute-not-writable': 'error',
  'class-missing': 'error',
  'pivot-not-written': 'error',
  'expression-failed': 'error',
  'single-valued': 'error',
  'not-idempotent': 'error',
  'created-again': 'error',
  'attribute-unseen': 'warning',
  'pivot-not-indexed': 'warning',
  'delimiter-splits': 'warning',
  'presence-missing': 'warning',
  ambiguous: 'warning',
  'pivot-absent': 'warning',
  dangling: 'warning',
  unusable: 'warning',
  'source-empty': 'warning',
  'clean-missing': 'note',
  kept: 'note',
} as const satisfies Record<string, 'error' | 'warning' | 'note'>

export type LintCode = keyof typeof lintSeverities

/** One fault of a task's mapping. `params`: for the texts; an entry that shows it is among them, none of its values. */
export type LintFinding = {
  readonly code: LintCode
  readonly params: Readonly<Record<string, string | number>>
}
