/** Everything that leaves a trace. A name never changes meaning: reports and retention rules are written against it. */
export const auditActions = [
  'sign-in',
  'sign-out',
  'token.issue',
  'token.refresh-reuse',
  'token.code-reuse',
  'consent.grant',
  'password.reset',
  'password.change',
  'recovery.start',
  'recovery.finish',
  'account.unlock',
  'account.lock',
  'account.disable',
  'account.enable',
  'account.require-change',
  'account.validity',
  'account.rename',
  'audit.read',
  'audit.purge',
  'audit.forget',
  'sync.run',
  'sync.approve',
  'sync.cancel',
  'sync.undo',
  'sync.freeze',
  'sync.thaw',
  'maintenance.begin',
  'maintenance.end',
] as const
export type AuditAction = (typeof auditActions)[number]

/** A person, known in the trail by a pseudonym: `id` is the entry's immutable id, `login` is kept encrypted under the person's key. */
export type AuditPerson = { kind: 'person'; directory: string; id: string; login: string }
export type AuditParty =
  | AuditPerson
  | { kind: 'client'; id: string }
  | { kind: 'system'; id: string }
  /** A synchronization task by its name, a run of one by its id. */
  | { kind: 'task' | 'run'; id: string }
  | { kind: 'anonymous' }

/** `attempted` is written before an act on a directory, its outcome after: an act that cannot be traced is not done. */
export const auditResults = ['attempted', 'done', 'refused', 'failed'] as const
export type AuditResult = (typeof auditResults)[number]

export type AuditEvent = {
  tenant: string
  time: Date
  action: AuditAction
  actor: AuditParty
  target?: AuditParty
  result: AuditResult
  /** A stable code: a problem code, a refusal of the directory, an OAuth error. */
  code?: string
  /** The agent's own words. Free text: encrypted under the target's key. */
  reason?: string
  requestId?: string
  /** Client address after the trusted proxy hops. */
  address?: string
  /** Client id of the application concerned. */
  client?: string
}
