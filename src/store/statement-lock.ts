/**
 * What a statement of a migration keeps others from, as long as it runs (PostgreSQL, "Explicit Locking"). `nothing`: a new table, or done beside the work of others;
 * `rows`: those that it changes; `writing`: reading goes on; `everything`: nobody reads either.
 */
export type StatementLock = {
  readonly table: string | null
  readonly blocks: 'nothing' | 'rows' | 'writing' | 'everything' | 'unknown'
  /** `instant`: the catalogue alone; `whole`: every row is read or written, so that it takes the longer the larger the table is. */
  readonly work: 'instant' | 'whole'
  /** The version before cannot go on beside it: something is gone, renamed or of another type. */
  readonly takesAway: boolean
}

const name = String.raw`(?:if (?:not )?exists )?(?:only )?"?([\w.]+)"?`
type Rule = readonly [
  pattern: RegExp,
  blocks: StatementLock['blocks'],
  work: StatementLock['work'],
  takesAway?: true,
]

/** The first that fits counts. */
const rules: readonly Rule[] = [
  [re(`create (?:unlogged )?table ${name}`), 'nothing', 'instant'],
  [re(`create (?:unique )?index concurrently .*? on ${name}`), 'nothing', 'whole'],
  [re(`create (?:unique )?index .*? on ${name}`), 'writing', 'whole'],
  [re(`alter table ${name} .*\\bvalidate constraint`), 'nothing', 'whole'],
  [re(`alter table ${name} .*\\b(?:drop (?!default|not null)|rename )`), 'everything', 'instant', true],
  [re(`alter table ${name} .*\\b(?:set data )?type `), 'everything', 'whole', true],
  [re(`alter table ${name} .*\\bgenerated always`), 'everything', 'whole'],
  // A default that is computed for each row rewrites the table; a constant one is noted once.
  [re(`alter table ${name} .*\\bdefault \\w+\\(`), 'everything', 'whole'],
  [re(`alter table ${name} .*\\bnot valid`), 'everything', 'instant'],
  [
    re(
      `alter table ${name} .*\\b(?:check|foreign key|references|unique|primary key|set not null|set (?:un)?logged)`,
    ),
    'everything',
    'whole',
  ],
  [re(`alter table ${name} (?:add|alter|set|reset)`), 'everything', 'instant'],
  [re(`drop table ${name}`), 'everything', 'instant', true],
  [re('drop index concurrently'), 'nothing', 'instant'],
  [re('drop index'), 'everything', 'instant'],
  [re(`(?:update|insert into|delete from) ${name}`), 'rows', 'whole'],
  [re('(?:comment on|create (?:type|function|view|sequence|extension))'), 'nothing', 'instant'],
]

function re(pattern: string): RegExp {
  return new RegExp(`^${pattern}`, 'i')
}

/** Reads one statement on one line. What is not known blocks `unknown`: somebody has to read it. */
export function statementLock(statement: string): StatementLock {
  for (const [pattern, blocks, work, takesAway = false] of rules) {
    const found = pattern.exec(statement)
    if (found !== null) return { table: found[1] ?? null, blocks, work, takesAway }
  }
  return { table: null, blocks: 'unknown', work: 'whole', takesAway: false }
}
