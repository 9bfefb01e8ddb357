import type { SyncRecord, Values } from '../record.ts'

/** JavaScript of a task. `place` names it to people: `tasks.people.attributes.cn.value`. */
export type Expression = {
  readonly code: string
  readonly place: string
  /** `values`: what becomes values of an attribute; `condition`: truthy or not; `text`: one string, or null for none (a name, a filter, a pivot). */
  readonly result: 'values' | 'condition' | 'text'
}

/** What the expressions of one entry see. */
export type Scope = {
  readonly source: SyncRecord | null
  readonly destination: SyncRecord | null
  /** Lower-cased attribute that is being computed (`srcAttr`, `srcValues` of LSC), by expression index. */
  readonly attributes?: ReadonlyMap<number, string>
  /** Of a pivot transformation. */
  readonly value?: string
  /** Of LSC's filters. */
  readonly pivots?: ReadonlyMap<string, string>
  /** LSC's nocreate, noupdate, nodelete, nomodrdn. */
  readonly flags?: Readonly<Record<string, boolean>>
}

/** `wanted`: indexes into the compiled list, evaluated in that order. `unless`: a condition to evaluate first; when false nothing else is. */
export type Evaluation = {
  readonly scope: Scope
  readonly condition?: number
  readonly wanted: readonly number[]
}

export type Evaluated =
  | { readonly values: Values }
  /** Without values of the entry. */
  | { readonly failed: string }

export type EvaluationResult = {
  /** Of `condition`; true when there was none. Failed: nothing else was evaluated. */
  readonly condition: boolean | { readonly failed: string }
  /** In the order of `wanted`; empty when the condition is false. A `condition` among them has the values `[]` or `['true']`. */
  readonly results: readonly Evaluated[]
}

/** The expressions of a task, compiled once. */
export interface Expressions {
  /**
   * Evaluates for many entries at once. An expression that throws, runs too long or takes too much memory fails for its entry only. Synchronous for tasks whose
   * scripts read no directory, so that nothing waits for a turn of the event loop.
   */
  evaluate(batch: readonly Evaluation[]): readonly EvaluationResult[] | Promise<readonly EvaluationResult[]>
  close(): Promise<void>
}

/** What a script may use besides JavaScript itself. */
export type Surface = {
  /** `lsc`: the code was written for LSC: its variables, Java's ways, no strict mode. */
  readonly dialect?: 'lsc'
  /** JavaScript files that are run once before, as LSC's `scriptInclude`. */
  readonly includes: readonly { readonly name: string; readonly code: string }[]
  /** Reads of the destination (`ldap`) and the source (`srcLdap`), synchronous to the script. Present only for imported tasks whose scripts use them. */
  readonly reads?: { readonly destination?: ScriptDirectory; readonly source?: ScriptDirectory }
  /** Key of `SecurityUtils.encrypt` and `decrypt`. */
  readonly lscKey?: Buffer
  readonly limits?: { readonly milliseconds: number; readonly bytes: number }
}

/** What the `ldap` object of LSC's scripts stands on. DNs are absolute here. */
export interface ScriptDirectory {
  readonly contextDn: string
  search(
    base: string,
    scope: 'base' | 'one' | 'sub',
    filter: string,
    attributes: readonly string[],
  ): Promise<readonly SyncRecord[]>
  /** Of `LDAP.canBind`. */
  canBind(url: string, dn: string, password: string): Promise<boolean>
  /** Of `LDAP.canBindSearchRebind`: by the DN of the one entry that the URL's base, scope and filter find. */
  canBindFound(url: string, password: string): Promise<boolean>
  /** Of `SequencesFactory`: takes the value out and puts the next one in; -1 when it could not. */
  nextValue(dn: string, attribute: string): Promise<number>
}
