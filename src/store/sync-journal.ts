import { inIndexOrder } from './in-index-order.ts'
import type { Database } from './postgres.ts'
import { findingRow, journalCountRow, journalRow, withdrawnRow } from './sync-journal-row.ts'
import type { ChangeKind } from './sync-runs.ts'
import type { changeStates } from './sync-terms.ts'

/**
 * `planned` · `sent`: given to the destination, the answer is not known (it was killed, or the connection was lost) · `done` · `failed` ·
 * `conflict`: the entry was another by then, nothing was done · `skipped`.
 */
export type JournalState = (typeof changeStates)[number]

/** A value in the journal: text, bytes, or a secret, whose value is in `sealed` under this number. */
export type JournalValue = string | { readonly binary: string } | { readonly secret: number }
export type JournalAttributes = Readonly<Record<string, readonly JournalValue[]>>

/** The operation as kept. What people see is made of this; secrets are not in it. */
export type JournalChange = {
  readonly kind: ChangeKind
  readonly name: string
  readonly attributes?: JournalAttributes
  readonly modifications?: readonly {
    readonly operation: 'add' | 'delete' | 'replace'
    readonly attribute: string
    readonly values: readonly JournalValue[]
  }[]
  readonly to?: string
  readonly subtree?: boolean
}

export type JournalRow = {
  readonly seq: number
  readonly stage: number
  readonly kind: ChangeKind
  /** DN or key when it was planned. */
  readonly name: string
  readonly change: JournalChange
  readonly before: JournalAttributes
  readonly why: Readonly<Record<string, { readonly rule: string; readonly from: string | null }>>
  /** Secrets of `change` and `before`, sealed; null when there are none. */
  readonly sealed: string | null
  readonly sourceId: string | null
  readonly sourceName: string | null
  readonly destinationId: string | null
  readonly key: string
  readonly state: JournalState
  readonly attempts: number
  readonly error: { readonly code: string; readonly detail: string } | null
}
export type NewJournalRow = Omit<JournalRow, 'state' | 'attempts' | 'error'>

export type JournalFinding = {
  readonly kind: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** What became of a row. Absent: as it was. */
export type JournalMark = {
  readonly seq: number
  /** `sent` counts as an attempt. */
  readonly state: JournalState
  readonly error?: { readonly code: string; readonly detail: string }
  /** Of a delete: the whole record, read just before. */
  readonly before?: JournalAttributes
  readonly sealed?: string | null
  /** Of a create: the id that the destination gave. */
  readonly destinationId?: string
}

/** For 1,000,000 rows a run: written in bulk (`unnest`), read by keyset. */
export interface SyncJournal {
  /** Some 1,000 rows at a time are fastest. Lasts through a crash of PostgreSQL from the next `advance` of the run on. */
  append(run: string, rows: readonly NewJournalRow[]): Promise<void>
  /**
   * Takes out what was planned for these keys: they turned out ambiguous. Gives how many of each kind. Reads all rows of the run: call it once, with
   * every key.
   */
  withdraw(run: string, keys: readonly string[]): Promise<Readonly<Partial<Record<ChangeKind, number>>>>
  /** In the order (stage, seq). Fewer than `limit` where rows are large; none only at the end. */
  next(
    run: string,
    after: { readonly stage: number; readonly seq: number },
    limit: number,
    states: readonly JournalState[],
  ): Promise<readonly JournalRow[]>
  /** Hundreds at a time, each row once. */
  mark(run: string, marks: readonly JournalMark[]): Promise<void>
  /** Reads all rows of the run. */
  counts(
    run: string,
  ): Promise<readonly { readonly kind: ChangeKind; readonly state: JournalState; readonly count: number }[]>
  /** For pages: by kind and state, text in the name, an attribute that is written or lost. */
  list(
    run: string,
    query: {
      readonly kind?: ChangeKind
      readonly state?: JournalState
      readonly name?: string
      readonly attribute?: string
      readonly after?: number
      readonly limit: number
    },
  ): Promise<readonly JournalRow[]>
  addFindings(run: string, findings: readonly JournalFinding[]): Promise<void>
  findings(
    run: string,
    query: { readonly kind?: string; readonly after?: number; readonly limit: number },
  ): Promise<readonly (JournalFinding & { readonly seq: number })[]>
}

/** The journals of all runs, in PostgreSQL. */
export function createSyncJournal(database: Database): SyncJournal {
  return {
    async append(run, rows) {
      if (rows.length > 0) await database.execute(appendSql, [run, ...columnsOf(rows)], 'sync-journal-append')
    },
    async withdraw(run, keys) {
      const rows = await database.query(withdrawnRow, withdrawSql, [run, keys.map(inert)])
      return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]))
    },
    next: async (run, { stage, seq }, limit, states) =>
      await inIndexOrder(database, (queries) =>
        queries.query(journalRow, nextSql, [run, stage, seq, states, limit]),
      ),
    async mark(run, marks) {
      if (marks.length > 0) await database.execute(markSql, [run, ...marksOf(marks)])
    },
    counts: async (run) => await database.query(journalCountRow, countsSql, [run]),
    list: async (run, { kind = null, state = null, name = null, attribute = null, after = null, limit }) =>
      await inIndexOrder(database, (queries) =>
        queries.query(journalRow, listSql, [run, after, kind, state, name, attribute, limit]),
      ),
    async addFindings(run, findings) {
      if (findings.length === 0) return
      const kinds = findings.map(({ kind }) => kind)
      const subjects = findings.map(({ subject }) => inert(subject))
      await database.execute(addFindingsSql, [run, kinds, subjects, jsonLines(findings, 'detail')])
    },
    findings: async (run, { kind = null, after = null, limit }) =>
      await inIndexOrder(database, (queries) =>
        queries.query(findingRow, findingsSql, [run, kind, after, limit]),
      ),
  }
}

function columnsOf(rows: readonly NewJournalRow[]) {
  return [
    rows.map(({ seq }) => seq),
    rows.map(({ stage }) => stage),
    rows.map(({ kind }) => kind),
    rows.map(({ name }) => inert(name)),
    rows.map(({ key }) => inert(key)),
    rows.map(({ sourceId }) => inert(sourceId)),
    rows.map(({ sourceName }) => inert(sourceName)),
    rows.map(({ destinationId }) => inert(destinationId)),
    rows.map(({ sealed }) => sealed),
    ...(['change', 'before', 'why'] as const).map((name) => jsonLines(rows, name)),
  ]
}

function marksOf(marks: readonly JournalMark[]) {
  return [
    marks.map(({ seq }) => seq),
    marks.map(({ state }) => state),
    marks.map(({ error }) => error?.code ?? null),
    marks.map(({ error }) => inert(error?.detail ?? null)),
    marks.map(({ sealed }) => sealed ?? null),
    marks.map(({ destinationId }) => inert(destinationId ?? null)),
    marks.map(({ before }) => (before === undefined ? null : JSON.stringify(before))),
  ]
}

/** One line each: JSON has no raw line feed. As arrays the quotes of each would have to be escaped, which takes as long as all the rest. */
function jsonLines<K extends string>(items: readonly Readonly<Record<K, object>>[], name: K): string {
  return items.map((item) => JSON.stringify(item[name])).join('\n')
}

/** PostgreSQL's text knows no NUL, which a file may have. */
function inert<T extends string | null>(text: T): T | string {
  return text?.includes('\0') === true ? text.replaceAll('\0', '\uFFFD') : text
}

// Not waiting for the disk: whoever sends the rows to a destination has advanced the run before, and that waits for all of them.
const appendSql = `insert into sync_journal
    (run, seq, stage, kind, name, key, source_id, source_name, destination_id, sealed, change, before, why)
  select $1, seq, stage, kind, name, key, source_id, source_name, destination_id, sealed, change::json, before::json, why::json
  from (select set_config('synchronous_commit', 'off', true)) off,
    unnest($2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
      string_to_array($11, E'\\n'), string_to_array($12, E'\\n'), string_to_array($13, E'\\n'))
    u (seq, stage, kind, name, key, source_id, source_name, destination_id, sealed, change, before, why)`

const withdrawSql = `with gone as (delete from sync_journal where run = $1 and key = any($2) returning kind)
  select kind, count(*) from gone group by kind`

/** Bytes of rows that are read at once: photographs of some hundred people. The next row is read all the same. */
const MOST_BYTES = 32_000_000

// How long a value is PostgreSQL knows without reading it.
const nextSql = `select * from (
    select *, sum(octet_length(change::text) + octet_length(before::text) + coalesce(octet_length(sealed), 0))
      over (order by stage, seq rows between unbounded preceding and 1 preceding) as bytes_before
    from (select * from sync_journal where run = $1 and (stage, seq) > ($2, $3) and state = any($4)
      order by stage, seq limit $5) part) sized
  where bytes_before is null or bytes_before < ${MOST_BYTES} order by stage, seq`

// Each row by its place: joined by its number, PostgreSQL reads and hashes the whole run for every call while it has no statistics of a run that was planned just
// now. Never prepared: a plan made while the table was small would read all of it.
const markSql = `update sync_journal j set
    state = m.state,
    attempts = j.attempts + case when m.state = 'sent' then 1 else 0 end,
    error_code = m.error_code,
    error_detail = m.error_detail,
    sealed = coalesce(m.sealed, j.sealed),
    destination_id = coalesce(m.destination_id, j.destination_id),
    before = coalesce(m.before, j.before)
  from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::json[])
    m (seq, state, error_code, error_detail, sealed, destination_id, before)
  where j.ctid = (select ctid from sync_journal where run = $1 and seq = m.seq)`

const countsSql = 'select kind, state, count(*) from sync_journal where run = $1 group by kind, state'

// That an attribute is in the text at all is found out in a third of the time that it takes to read the JSON, which then decides.
const listSql = `select * from sync_journal
  where run = $1 and ($2::int is null or seq > $2) and ($3::text is null or kind = $3) and ($4::text is null or state = $4)
    and ($5::text is null or strpos(lower(name), lower($5)) > 0)
    and ($6::text is null or kind = 'delete' or strpos(lower(change::text), '"' || lower($6) || '"') > 0)
    and ($6::text is null or lower($6) in (
      select lower(m ->> 'attribute') from json_array_elements(coalesce(change -> 'modifications', '[]')) m
      union all select lower(a) from json_object_keys(case kind when 'create' then change -> 'attributes' when 'delete' then before else '{}' end) a))
  order by seq limit $7`

const addFindingsSql = `insert into sync_findings (run, kind, subject, detail)
  select $1, kind, subject, detail::json from unnest($2::text[], $3::text[], string_to_array($4, E'\\n')) u (kind, subject, detail)`

const findingsSql = `select seq, kind, subject, detail from sync_findings
  where run = $1 and ($2::text is null or kind = $2) and ($3::bigint is null or seq > $3) order by seq limit $4`
