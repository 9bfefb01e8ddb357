import type { ApiScope, Permission } from '../config/permission.ts'
import type { RoleConfig } from '../config/role-schema.ts'
import { Problem } from '../problems/problem.ts'
import type { Actor, ClientActor, PersonActor } from './actor.ts'
import { reachOf, type Reach } from './reach.ts'
import { rankOf } from './roles.ts'

/** Scope that a token needs for a permission, beside the role. */
const scopeFor: Readonly<Record<Permission, ApiScope>> = {
  'account.read': 'accounts.read',
  'account.reset': 'accounts.manage',
  'account.require-change': 'accounts.manage',
  'account.unlock': 'accounts.manage',
  'account.lock': 'accounts.manage',
  'account.disable': 'accounts.manage',
  'account.enable': 'accounts.manage',
  'account.validity': 'accounts.manage',
  'account.rename': 'accounts.manage',
  'audit.read': 'audit.read',
  'directory.check': 'audit.read',
  'sync.read': 'sync.read',
  'sync.run': 'sync.run',
}

/** The right to do one thing to the accounts within a reach. Functions of the service desk take it: who has none has nothing to call. */
export class Permit<P extends Permission = Permission> {
  readonly agent: PersonActor | ClientActor
  readonly permission: P
  /** Accounts of a higher rank are out of bounds. */
  readonly rank: number
  /** Null: every account of the tenant's desk branches. */
  readonly reach: readonly Reach[] | null

  private constructor(agent: PersonActor | ClientActor, permission: P, roles: readonly RoleConfig[]) {
    this.agent = agent
    this.permission = permission
    this.rank = rankOf(roles)
    this.reach = reachOf(roles, agent)
  }

  /** Throws Problem `not-signed-in`, `insufficient-scope` or `not-permitted`. */
  static for<P extends Permission>(actor: Actor, permission: P): Permit<P> {
    if (actor.kind === 'anonymous') throw new Problem('not-signed-in')
    if (!hasScope(actor, scopeFor[permission])) throw new Problem('insufficient-scope')
    const roles = actor.roles.filter((role) => role.permissions.includes(permission))
    if (roles.length === 0) throw new Problem('not-permitted')
    return new Permit(actor, permission, roles)
  }

  /** Whether `Permit.for` would give one: for menus and buttons. */
  static allows(actor: Actor, permission: Permission): boolean {
    return (
      actor.kind !== 'anonymous' &&
      hasScope(actor, scopeFor[permission]) &&
      actor.roles.some((role) => role.permissions.includes(permission))
    )
  }
}

/** A person's session has no scopes to limit it; a token acts within its scopes. */
export function hasScope(actor: Actor, scope: ApiScope): boolean {
  return actor.kind !== 'anonymous' && (actor.scopes === 'session' || actor.scopes.has(scope))
}
