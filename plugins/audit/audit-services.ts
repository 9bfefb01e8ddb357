import type { Audit } from '../../src/audit/create-audit.ts'
import type { Trail } from '../../src/audit/trail.ts'

export type AuditServices = { audit: Pick<Audit, 'list'>; trail: Pick<Trail, 'record'>; clock: () => Date }
