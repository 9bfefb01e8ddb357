import { Problem } from '../problems/problem.ts'
import type { Actor } from './actor.ts'
import { Permit } from './permit.ts'

type SyncPermission = 'sync.read' | 'sync.run'

/**
 * The right to see or to run the synchronization. What a task reads and writes has no bounds: a role that is limited to a branch does not give it. Throws what
 * `Permit.for` throws.
 */
export function syncPermit<P extends SyncPermission>(actor: Actor, permission: P): Permit<P> {
  const permit = Permit.for(actor, permission)
  if (permit.reach !== null) throw new Problem('not-permitted')
  return permit
}

/** Whether `syncPermit` would give one: for menus and buttons. */
export function maySync(actor: Actor, permission: SyncPermission): boolean {
  return Permit.allows(actor, permission) && Permit.for(actor, permission).reach === null
}
